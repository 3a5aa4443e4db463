import type { AnswerMode } from "../answer/answer.js";
import { keep, kept } from "./browser-storage.js";
import { byId } from "./dom.js";

const KEY = "waymark.own-sentences";

const PRIVATE = "Nothing leaves the machine that Waymark runs on.";
const KEPT = "Your conversations stay in this browser.";

/** Where a language model is configured: the choice who writes answers, and what that means for the reader's words. */
export class WriterSwitch {
  readonly #choice = byId("writer", HTMLLabelElement);
  readonly #select = byId("mode", HTMLSelectElement);
  readonly #privacy = byId("privacy", HTMLParagraphElement);
  #model: string | undefined;

  constructor() {
    this.#select.value = kept(KEY) === undefined ? "generated" : "extractive";
    this.#select.addEventListener("change", () => {
      keep(KEY, this.#select.value === "extractive" ? "1" : undefined);
      this.#show();
    });
  }

  /** What to ask for; undefined where there is no choice. */
  get mode(): AnswerMode | undefined {
    if (this.#model === undefined) return undefined;
    return this.#select.value === "extractive" ? "extractive" : "generated";
  }

  /** The language model that the server names, such as "ollama:qwen3"; undefined: it has none. Until then nothing is promised. */
  setModel(name: string | undefined): void {
    this.#model = name;
    this.#show();
  }

  #show(): void {
    this.#choice.hidden = this.#model === undefined;
    this.#privacy.textContent = `${privacy(this.mode === "generated" ? this.#model : undefined)} ${KEPT}`;
  }
}

/** A model in a file is read by Waymark itself; any other is a program of its own, here or elsewhere. */
function privacy(model: string | undefined): string {
  if (model === undefined || model.startsWith("llamacpp:")) return PRIVATE;
  return `Your question and the passages found go to the language model that Waymark is set to use, ${model}.`;
}
