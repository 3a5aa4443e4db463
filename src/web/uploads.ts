import type { AddedDocument } from "../waymark.js";
import type { Adding } from "./api.js";
import { byId, el } from "./dom.js";
import { type Problem, problemOf } from "./problem.js";
import { uploadDocument, whyRefused } from "./upload.js";

export interface UploadsActions {
  /** A file was dropped or chosen: the list of documents, with the uploads above it, is to be seen. */
  begin(): void;
  /** Another document can be asked. */
  added(): void;
  announce(text: string): void;
}

/** Files on their way into the index: one is sent after the other, and each says how far it is, or why it was refused. */
export class Uploads {
  readonly element = el("ul", { class: "uploads", "aria-label": "Files being added", hidden: true });
  /** What the server takes; undefined until it has said so. */
  adding: Adding | undefined;
  readonly #actions: UploadsActions;
  readonly #queue: (() => Promise<void>)[] = [];
  #sending = false;

  constructor(actions: UploadsActions) {
    this.#actions = actions;
    this.#watchForDrops();
  }

  /** The button that opens the system's choice of files. */
  button(): HTMLElement {
    const chooser = el("input", {
      type: "file",
      multiple: true,
      hidden: true,
      accept: this.adding?.extensions.join(","),
    });
    const button = el(
      "button",
      { type: "button", class: "primary", click: () => chooser.click() },
      "Add files…",
    );
    chooser.addEventListener("change", () => {
      this.add([...(chooser.files ?? [])]);
      chooser.value = "";
    });
    return el("span", {}, button, chooser);
  }

  add(files: readonly File[]): void {
    if (files.length === 0) return;
    this.#actions.begin();
    this.element.hidden = false;
    for (const file of files) {
      const row = new UploadRow(file.name, () => this.#tidy());
      this.element.append(row.element);
      this.#queue.push(() => this.#send(file, row));
    }
    void this.#work();
  }

  async #work(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) await next();
    this.#sending = false;
  }

  async #send(file: File, row: UploadRow): Promise<void> {
    const refused = this.adding && whyRefused(file, this.adding);
    if (refused !== undefined) return this.#refuse(file, row, refused);
    try {
      row.sent(0);
      const result = await uploadDocument(file, (share) => row.sent(share));
      row.done(result);
      this.#actions.announce(`${file.name}: ${OUTCOMES[result.outcome]}.`);
      this.#actions.added();
    } catch (error) {
      this.#refuse(file, row, problemOf(error));
    }
  }

  #refuse(file: File, row: UploadRow, problem: Problem): void {
    row.failed(problem);
    this.#actions.announce(`${file.name}: ${problem.detail}`);
  }

  #tidy(): void {
    this.element.hidden = this.element.childElementCount === 0;
  }

  /** The whole page takes dropped files; without this the browser would open the file in the page's place. */
  #watchForDrops(): void {
    const zone = byId("drop-zone", HTMLDivElement);
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") === true;
    addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      zone.hidden = false;
    });
    addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) zone.hidden = true;
    });
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      zone.hidden = true;
      this.add([...(event.dataTransfer?.files ?? [])]);
    });
  }
}

const OUTCOMES: Readonly<Record<AddedDocument["outcome"], string>> = {
  added: "added",
  changed: "replaced the earlier one",
  unchanged: "was there already",
};

/** One file: its name, how far it is, and what became of it. */
class UploadRow {
  readonly element: HTMLElement;
  readonly #state = el("span", { class: "upload-state" }, "Waiting…");
  readonly #bar: HTMLProgressElement;
  readonly #close: HTMLElement;

  constructor(name: string, onClose: () => void) {
    this.#bar = el("progress", { max: 1, value: 0, "aria-label": `Adding ${name}` });
    const close = () => {
      this.element.remove();
      onClose();
    };
    this.#close = el(
      "button",
      { type: "button", class: "step", "aria-label": `Dismiss ${name}`, click: close },
      "✕",
    );
    this.element = el("li", {}, el("bdi", { class: "upload-name" }, name), this.#state, this.#bar);
  }

  sent(share: number): void {
    this.#state.textContent = share < 1 ? "Sending…" : "Reading and indexing…";
    if (share < 1) this.#bar.value = share;
    else this.#bar.removeAttribute("value");
  }

  done({ outcome, document }: AddedDocument): void {
    const { passages } = document;
    this.#end(`${OUTCOMES[outcome]} · ${passages} passage${passages === 1 ? "" : "s"}`);
  }

  failed({ detail, hint }: Problem): void {
    this.element.classList.add("failed");
    this.#end(`${detail} ${hint ?? ""}`.trim());
  }

  #end(text: string): void {
    this.#state.textContent = text;
    this.#bar.replaceWith(this.#close);
  }
}
