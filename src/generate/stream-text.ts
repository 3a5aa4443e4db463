import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk, BaseMessage } from "@langchain/core/messages";

export interface StreamLimits {
  /** A model that goes on past it is stopped. */
  maxTokens: number;
  /** Between two pieces of text. */
  stallSeconds: number;
  signal?: AbortSignal | undefined;
}

/** How a stream ended: by itself, because it was enough, or because of a limit. */
export type StreamEnd = "done" | "enough" | "too-long" | "stalled";

/** No tokenizer makes longer tokens of a language's ordinary text, on average. */
const CHARACTERS_A_TOKEN = 8;

/**
 * Gives a model's text on as it comes, and stops the model as soon as `onText` has enough, nothing comes for too long, or
 * it goes on for too long.
 * @throws what the model throws, and where the signal fires
 */
export async function streamText(
  chat: BaseChatModel,
  messages: BaseMessage[],
  { maxTokens, stallSeconds, signal }: StreamLimits,
  onText: (text: string) => Promise<"more" | "enough" | "too-long">,
): Promise<StreamEnd> {
  const stop = new AbortController();
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const opening = chat.stream(messages, { signal: stopped });
  opening.catch(() => undefined); // it may fail after it was given up
  let characters = 0;
  try {
    const stream = await withinTime(opening, stallSeconds, signal);
    if (stream === STALLED) return "stalled";
    const chunks = stream[Symbol.asyncIterator]();
    for (;;) {
      const reading = chunks.next();
      reading.catch(() => undefined);
      const next = await withinTime(reading, stallSeconds, signal);
      if (next === STALLED) return "stalled";
      if (next.done) return "done";
      const chunk: AIMessageChunk = next.value;
      characters += chunk.text.length;
      const wanted = await onText(chunk.text);
      if (wanted !== "more") return wanted;
      if (wasCut(chunk) || characters > maxTokens * CHARACTERS_A_TOKEN) return "too-long";
    }
  } finally {
    stop.abort();
  }
}

const STALLED = Symbol("stalled");

/** Waits for a promise, but not for ever, and not for somebody who has gone away. */
async function withinTime<T>(
  promise: Promise<T>,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<T | typeof STALLED> {
  let timer: NodeJS.Timeout | undefined;
  let leave: (() => void) | undefined;
  const limit = new Promise<typeof STALLED>((resolve, reject) => {
    timer = setTimeout(() => resolve(STALLED), seconds * 1000);
    leave = () => reject(signal?.reason);
    if (signal?.aborted) leave();
    signal?.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
    if (leave !== undefined) signal?.removeEventListener("abort", leave);
  }
}

/** The provider says that the model would have gone on: OpenAI's and Ollama's names for it. */
function wasCut({ response_metadata }: AIMessageChunk): boolean {
  return response_metadata.finish_reason === "length" || response_metadata.done_reason === "length";
}
