import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";

/** The part of node-llama-cpp that is used; the package itself need not be there. */
export interface LlamaCppModule {
  getLlama(options: { build: "never"; progressLogs: boolean; logLevel: "error" }): Promise<{
    loadModel(options: { modelPath: string }): Promise<{
      trainContextSize: number;
      tokenize(text: string): unknown[];
      createContext(options: {
        contextSize: number;
        threads: number;
      }): Promise<{ getSequence(): LlamaSequence }>;
    }>;
    dispose(): Promise<void>;
  }>;
  LlamaChatSession: new (options: { contextSequence: LlamaSequence }) => LlamaSession;
}

/** A context's memory of tokens; what two prompts begin with alike is not evaluated twice. */
export interface LlamaSequence {
  readonly disposed: boolean;
}

interface LlamaSession {
  setChatHistory(history: LlamaTurn[]): void;
  promptWithMeta(
    text: string,
    options: {
      temperature: number;
      maxTokens: number;
      signal?: AbortSignal;
      onTextChunk: (chunk: string) => void;
    },
  ): Promise<{ stopReason: string }>;
}

type LlamaTurn = { type: "system" | "user"; text: string } | { type: "model"; response: string[] };

interface LlamaCppChatFields {
  LlamaChatSession: LlamaCppModule["LlamaChatSession"];
  sequence: LlamaSequence;
  maxTokens: number;
}

/**
 * A model of node-llama-cpp as a chat model of LangChain, with the chat template that the file itself brings.
 * (ChatLlamaCpp of @langchain/community streams without the template.) One question at a time: they share one sequence.
 */
export class LlamaCppChat extends BaseChatModel {
  readonly #fields: LlamaCppChatFields;
  #last: Promise<unknown> = Promise.resolve();

  constructor(fields: LlamaCppChatFields) {
    super({ maxRetries: 0 });
    this.#fields = fields;
  }

  _llmType(): string {
    return "llama-cpp";
  }

  async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    let text = "";
    for await (const chunk of this._streamResponseChunks(messages, options)) text += chunk.text;
    return { generations: [{ text, message: new AIMessage(text) }] };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const gone = new AbortController();
    const signal =
      options.signal === undefined ? gone.signal : AbortSignal.any([options.signal, gone.signal]);
    let cut = false;
    const chunks = new ReadableStream<string>({
      start: (controller) => {
        this.#prompt(messages, signal, (chunk) => controller.enqueue(chunk)).then(
          ({ stopReason }) => {
            cut = stopReason === "maxTokens";
            controller.close();
          },
          (error: unknown) => controller.error(error),
        );
      },
      cancel: () => gone.abort(),
    });
    for await (const text of chunks) {
      yield new ChatGenerationChunk({ text, message: new AIMessageChunk(text) });
      await runManager?.handleLLMNewToken(text);
    }
    if (cut) {
      const message = new AIMessageChunk({ content: "", response_metadata: { finish_reason: "length" } });
      yield new ChatGenerationChunk({ text: "", message });
    }
  }

  #prompt(
    messages: BaseMessage[],
    signal: AbortSignal,
    onTextChunk: (chunk: string) => void,
  ): Promise<{ stopReason: string }> {
    const { LlamaChatSession, sequence, maxTokens } = this.#fields;
    const turn = this.#last.then(() => {
      signal.throwIfAborted();
      const session = new LlamaChatSession({ contextSequence: sequence });
      session.setChatHistory(messages.slice(0, -1).map(toTurn));
      return session.promptWithMeta(messages.at(-1)?.text ?? "", {
        temperature: 0,
        maxTokens,
        signal,
        onTextChunk,
      });
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function toTurn(message: BaseMessage): LlamaTurn {
  const { text } = message;
  if (message.type === "ai") return { type: "model", response: [text] };
  return { type: message.type === "system" ? "system" : "user", text };
}
