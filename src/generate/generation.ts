import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { HumanMessage } from "@langchain/core/messages";
import type { Turn } from "../answer/answer.js";
import { languageModelKey, type Settings } from "../config.js";
import { WaymarkError } from "../errors.js";
import type { LanguageModelState } from "../waymark.js";
import { type LanguageModel, ofChat, openLanguageModel } from "./models/language-model.js";
import { rewriteFollowUp } from "./rewrite.js";
import { streamText } from "./stream-text.js";
import { Writer, type WriterParts } from "./writer.js";

export interface GenerationOptions extends Pick<WriterParts, "reader" | "unitModel"> {
  settings: Settings["generate"];
  /** Instead of the model of the settings. */
  chat?: BaseChatModel | undefined;
}

/** Tokens of the answer to "do you answer?". */
const CHECK_TOKENS = 8;

/** Everything that a language model does here. The model is opened when it is first needed, and kept. */
export class Generation {
  readonly name: string;
  readonly writer: Writer;
  readonly #options: GenerationOptions;
  #opening: Promise<LanguageModel> | undefined;

  constructor(options: GenerationOptions) {
    const { settings, chat, ...parts } = options;
    this.name = settings.model ?? chat?.getName() ?? "";
    this.#options = options;
    this.writer = new Writer({ ...parts, ...settings, model: () => this.#model() });
  }

  /** A follow-up made whole by the model; undefined where that is not asked for or does not come off. */
  async rewrite(
    question: string,
    history: readonly Turn[],
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const { rewriteFollowUps, stallSeconds } = this.#options.settings;
    if (!rewriteFollowUps) return undefined;
    const model = await this.#model().catch(() => undefined);
    return model && rewriteFollowUp(model, { question, history, stallSeconds, signal });
  }

  /** Asks the model for a word. */
  async check(signal?: AbortSignal): Promise<LanguageModelState> {
    const { stallSeconds } = this.#options.settings;
    try {
      const { chat } = await this.#model();
      const messages = [new HumanMessage("Say yes.")];
      const limits = { maxTokens: CHECK_TOKENS, stallSeconds, signal };
      const end = await streamText(chat, messages, limits, async (text) => (text === "" ? "more" : "enough"));
      if (end !== "stalled") return { name: this.name, answers: true };
      return { name: this.name, answers: false, reason: `Nothing came from it for ${stallSeconds} s.` };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const hint = WaymarkError.isInstance(error) ? error.hint : undefined;
      return { name: this.name, answers: false, reason: [reason, hint].filter(Boolean).join(" ") };
    }
  }

  async close(): Promise<void> {
    const model = await this.#opening?.catch(() => undefined);
    await model?.close();
  }

  #model(): Promise<LanguageModel> {
    this.#opening ??= this.#open();
    this.#opening.catch(() => {
      this.#opening = undefined; // a failure is not kept
    });
    return this.#opening;
  }

  async #open(): Promise<LanguageModel> {
    const { settings, chat } = this.#options;
    if (chat !== undefined) return ofChat(chat, { model: this.name, contextTokens: settings.contextTokens });
    return openLanguageModel({ ...settings, model: this.name }, languageModelKey(settings));
  }
}
