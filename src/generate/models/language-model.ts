import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { Settings } from "../../config.js";
import { WaymarkError } from "../../errors.js";
import type { CountTokens } from "../../models/model.js";

/** A language model that may write answers; what it writes is verified before anyone sees it. */
export interface LanguageModel {
  /** As the settings name it: `ollama:<model>`, `openai:<model>` or `llamacpp:<file>`. */
  readonly name: string;
  readonly chat: BaseChatModel;
  /** Tokens that question, evidence and answer may take together. */
  readonly contextTokens: number;
  /** By the model's own tokenizer where it is at hand, otherwise an estimate that is rather too high. */
  readonly countTokens: CountTokens;
  /** Frees what the model holds on this machine. */
  close(): Promise<void>;
}

/** The settings of the section `generate`, with a model. */
export type GenerateSettings = Settings["generate"] & { model: string };

/**
 * Opens the model that the settings name. The package of its kind is loaded only now.
 * @param key for a remote model; never stored, never logged
 * @throws WaymarkError `model-missing`, `invalid-settings`
 */
export async function openLanguageModel(settings: GenerateSettings, key?: string): Promise<LanguageModel> {
  const colon = settings.model.indexOf(":");
  const model = settings.model.slice(colon + 1);
  switch (settings.model.slice(0, colon)) {
    case "ollama": {
      const { openOllama } = await import("./ollama.js");
      return ofChat(await openOllama(model, settings), settings);
    }
    case "openai": {
      const { openOpenAi } = await import("./openai.js");
      return ofChat(await openOpenAi(model, settings, key), settings);
    }
    case "llamacpp": {
      const { openLlamaCpp } = await import("./llama-cpp.js");
      return openLlamaCpp(model, settings);
    }
    default:
      throw new WaymarkError(
        "invalid-settings",
        `There is no kind of language model for "${settings.model}".`,
        {
          hint: "Give ollama:<model>, openai:<model> or llamacpp:<file.gguf>.",
        },
      );
  }
}

/** Any chat model of LangChain as one that may write answers. */
export function ofChat(
  chat: BaseChatModel,
  { model, contextTokens }: Pick<GenerateSettings, "model" | "contextTokens">,
): LanguageModel {
  return { name: model, chat, contextTokens, countTokens: estimateTokens, close: async () => undefined };
}

/** Characters a token, of text in Latin letters: English has about 4 by common tokenizers. */
const CHARACTERS_A_TOKEN = 3;

/** How many tokens a text has at most, where the tokenizer is not at hand: other scripts have up to one a character. */
export function estimateTokens(text: string): number {
  const latin = text.match(/[\p{ASCII}\p{Script=Latin}]/gu)?.length ?? 0;
  return Math.ceil(latin / CHARACTERS_A_TOKEN) + ([...text].length - latin);
}
