import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { GenerateSettings } from "./language-model.js";

/** Where Ollama listens unless it is told otherwise. */
const DEFAULT_BASE_URL = "http://127.0.0.1:11434";

/** A model of an Ollama server, on this machine or another one. */
export async function openOllama(
  model: string,
  { baseUrl = DEFAULT_BASE_URL, contextTokens, maxTokens }: GenerateSettings,
): Promise<BaseChatModel> {
  const { ChatOllama } = await import("@langchain/ollama");
  return new ChatOllama({
    model,
    baseUrl,
    temperature: 0,
    numCtx: contextTokens,
    numPredict: maxTokens,
    maxRetries: 0,
  });
}
