/** One message of a `text/event-stream`. */
export interface ServerSentEvent {
  /** The event's type; "message" where the stream names none. */
  event: string;
  data: string;
}

/**
 * Reads a response body as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). An event
 * that is cut off by the end of the stream is not given out. Leaving the loop early cancels the body.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventStreamParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Turns the text of an event stream, in pieces of any size, into events. */
export class EventStreamParser {
  #rest = "";
  #event = "";
  #data: string[] = [];

  /** The events that `text` completes. */
  push(text: string): ServerSentEvent[] {
    this.#rest += text;
    const events: ServerSentEvent[] = [];
    for (;;) {
      const line = this.#takeLine();
      if (line === undefined) return events;
      if (line === "") events.push(...this.#finish());
      else this.#field(line);
    }
  }

  /** The next whole line without its end; a CR at the very end of the text may be half of a CRLF and waits. */
  #takeLine(): string | undefined {
    const found = /\r\n|\n|\r(?=.)/s.exec(this.#rest);
    if (found === null) return undefined;
    const line = this.#rest.slice(0, found.index);
    this.#rest = this.#rest.slice(found.index + found[0].length);
    return line;
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
  }

  #finish(): ServerSentEvent[] {
    const event = { event: this.#event || "message", data: this.#data.join("\n") };
    const empty = this.#data.length === 0;
    this.#event = "";
    this.#data = [];
    return empty ? [] : [event];
  }
}
