import { answerAsMarkdown } from "./answer-markdown.js";
import type { Exchange } from "./conversation.js";
import { el } from "./dom.js";

/** A button that copies the answer with its sources; none where the browser gives no clipboard (plain HTTP, not loopback). */
export function copyButton(exchange: Exchange): HTMLElement | undefined {
  if (!window.isSecureContext) return undefined;
  const button = el(
    "button",
    { type: "button", class: "quiet", title: "As Markdown, with its sources" },
    "Copy",
  );
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(answerAsMarkdown(exchange.sentences)).then(
      () => true,
      () => false,
    );
    button.textContent = copied ? "Copied" : "The browser did not allow it";
  });
  return button;
}
