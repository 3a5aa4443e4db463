import type { Turn } from "../answer/answer.js";
import { type AskMessage, ask, isAbort } from "./api.js";
import type { Exchange } from "./conversation.js";
import { problemOf } from "./problem.js";

/**
 * Asks an exchange's question and writes what comes back into it; `changed` is called after every step. It ends with the
 * stage "done", "stopped" (the signal fired) or "failed" (with the problem), and never throws.
 */
export async function answerExchange(
  exchange: Exchange,
  history: Turn[],
  signal: AbortSignal,
  changed: () => void,
): Promise<void> {
  begin(exchange);
  changed();
  try {
    const { question, only, within, asked } = exchange;
    const request = {
      question,
      history,
      ...(only && { documentIds: [only.documentId] }),
      ...(within && { collections: [within] }),
      ...(asked && { mode: asked }),
    };
    for await (const message of ask(request, signal)) {
      take(exchange, message);
      changed();
    }
  } catch (error) {
    exchange.stage = isAbort(error) ? "stopped" : "failed";
    if (exchange.stage === "failed") exchange.problem = problemOf(error);
    changed();
  }
}

function take(exchange: Exchange, message: AskMessage): void {
  switch (message.type) {
    case "passages":
      exchange.stage = "reading";
      exchange.passages = message.passages.length;
      break;
    case "mode":
      exchange.mode = message.mode;
      exchange.sentences = [];
      break;
    case "sentence":
      exchange.stage = "answering";
      exchange.sentences[Math.min(message.index, exchange.sentences.length)] = message.sentence;
      break;
    case "done":
      exchange.stage = "done";
      exchange.answer = message.answer;
      exchange.sentences = message.answer.sentences;
  }
}

function begin(exchange: Exchange): void {
  exchange.stage = "searching";
  exchange.passages = 0;
  exchange.sentences = [];
  delete exchange.mode;
  delete exchange.early;
  delete exchange.answer;
  delete exchange.problem;
}
