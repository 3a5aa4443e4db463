import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { GenerateSettings } from "./language-model.js";

const DEFAULT_BASE_URL = "https://api.openai.com/v1";

/** What servers that need no key are sent: the client insists on one. */
const NO_KEY = "none";

/** A model behind any OpenAI-compatible address: llama.cpp's server, vLLM, LM Studio, OpenRouter, OpenAI itself. */
export async function openOpenAi(
  model: string,
  { baseUrl = DEFAULT_BASE_URL, maxTokens }: GenerateSettings,
  key: string = NO_KEY,
): Promise<BaseChatModel> {
  const { ChatOpenAI } = await import("@langchain/openai");
  return new ChatOpenAI({
    model,
    apiKey: key,
    configuration: { baseURL: baseUrl },
    temperature: 0,
    maxTokens,
    // Many compatible servers refuse the option that asks for the usage.
    streamUsage: false,
    maxRetries: 0,
  });
}
