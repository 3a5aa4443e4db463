import type { BaseMessage } from "@langchain/core/messages";
import type { ChatGenerationChunk } from "@langchain/core/outputs";
import { FakeListChatModel } from "@langchain/core/utils/testing";

/** How a scripted answer ends: as it is written, with an error, never, or in text without end. */
export type Ending = "end" | "error" | "stall" | "endless";

/** LangChain's own fake chat model, which says what it is told to, and remembers what it was asked. */
export class ScriptedChat extends FakeListChatModel {
  readonly asked: BaseMessage[][] = [];
  /** The model was told to stop before it was done. */
  stopped = false;
  readonly #ending: Ending;

  constructor(text: string, ending: Ending = "end") {
    super({ responses: [text] });
    this.#ending = ending;
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
  ): AsyncGenerator<ChatGenerationChunk> {
    this.asked.push(messages);
    options.signal?.addEventListener("abort", () => {
      this.stopped = true;
    });
    const pieces = this._currentResponse().match(/.{1,7}/gsu) ?? [];
    for (const piece of pieces) yield this._createResponseChunk(piece);
    if (this.#ending === "error") throw new Error("the connection was reset");
    if (this.#ending === "stall") await new Promise(() => undefined);
    while (this.#ending === "endless") yield this._createResponseChunk("and on and on ");
  }
}
