import { el } from "./dom.js";

const TOLD_MS = 2000;

/** A button that copies what `text` gives, and says whether it did. */
export function copyButton(label: string, text: () => string, title?: string): HTMLButtonElement {
  const button = el("button", { type: "button", class: "quiet", title }, label);
  let back: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener("click", async () => {
    button.textContent = (await copy(text())) ? "Copied" : "The browser did not allow it";
    clearTimeout(back);
    back = setTimeout(() => {
      button.textContent = label;
    }, TOLD_MS);
  });
  return button;
}

/** Puts a text onto the clipboard; over plain HTTP from another machine browsers have only the old way. */
async function copy(text: string): Promise<boolean> {
  if (!window.isSecureContext) return copyBySelection(text);
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => copyBySelection(text),
  );
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = el("textarea", { class: "visually-hidden", "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}
