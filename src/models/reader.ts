import { WaymarkError } from "../errors.js";
import { mapConcurrently } from "./map-concurrently.js";
import type { ModelIdentity, ReadablePassage, Reader, Reading } from "./model.js";
import { readerWindows } from "./reader-input.js";
import { READER_LABELS, type ReaderColumns, type ReadWindow, readingOf } from "./reader-output.js";
import { type LoadedModel, type LoadOptions, loadModel } from "./runtime.js";
import { PARALLEL_PASSES } from "./sessions.js";

/**
 * The cross-encoder of `models/reader`, or one with the same five outputs. What it says of a passage depends on the
 * question and that passage alone, whatever is read beside it. Long passages are read in windows, see
 * {@link readerWindows}.
 *
 * @example
 * const reader = await CrossEncoder.load("models/reader");
 * const [reading] = await reader.read("Who wrote it?", [{ headings: [], units }]);
 */
export class CrossEncoder implements Reader {
  readonly identity: ModelIdentity;
  readonly #model: LoadedModel;
  readonly #columns: ReaderColumns;

  private constructor(model: LoadedModel, columns: ReaderColumns) {
    this.identity = model.identity;
    this.#model = model;
    this.#columns = columns;
  }

  /**
   * @param folderOrName a local folder, or a hub name where `allowRemote` is on
   * @throws WaymarkError `model-missing`, `model-damaged`, `invalid-settings` where the model is no reader
   */
  static async load(folderOrName: string, options: LoadOptions = {}): Promise<CrossEncoder> {
    const model = await loadModel(folderOrName, "reader", options);
    const lacking = READER_LABELS.find((label) => !model.labels.includes(label));
    if (lacking !== undefined) {
      await model.close();
      throw new WaymarkError(
        "invalid-settings",
        `The model ${folderOrName} has no output "${lacking}": it is no reader.`,
        {
          hint: "Give a model with the outputs of models/reader/README.md, or none.",
        },
      );
    }
    const columns = READER_LABELS.map((label) => [label, model.labels.indexOf(label)]);
    return new CrossEncoder(model, Object.fromEntries(columns) as ReaderColumns);
  }

  async read(
    question: string,
    passages: readonly ReadablePassage[],
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<Reading[]> {
    const { tokenizer, run, width } = this.#model;
    return mapConcurrently(passages, PARALLEL_PASSES, async (passage) => {
      const read: ReadWindow[] = [];
      for (const window of readerWindows(tokenizer, question, passage)) {
        read.push({ ...window, logits: await run(window.ids, window.typeIds, signal), width });
      }
      return readingOf(read, passage.units.length, this.#columns);
    });
  }

  /** Frees the model's memory. */
  close(): Promise<void> {
    return this.#model.close();
  }
}
