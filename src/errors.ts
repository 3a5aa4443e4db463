/**
 * Every error that Waymark raises on purpose. A `code` is stable and may be matched by programs; the message is a
 * sentence for a person; `hint` says what to do next.
 */
export type ErrorCode =
  | "invalid-input" // a request, an option or a question that cannot be used as it is
  | "invalid-settings" // the settings file or an environment variable
  | "corpus-not-found" // a folder or file to ingest does not exist
  | "unsupported-format" // no parser for this kind of file
  | "unreadable-document" // a parser failed on a file
  | "document-not-found" // no document has this id
  | "collection-not-found" // no collection has this name
  | "document-not-removable" // its file is the user's own, in a folder that is indexed
  | "index-not-ready" // nothing has been indexed yet
  | "index-mismatch" // the index was made by another model or a newer schema
  | "index-damaged" // the database cannot be read
  | "index-locked" // another process is writing
  | "index-changing" // a document was replaced each time that it was about to be cited
  | "store-unreachable" // the cluster that holds the index does not answer
  | "model-missing" // a model file is not there
  | "model-damaged" // a model file does not have the checksum that its manifest gives
  | "no-language-model" // a generated answer was asked for, and no model is configured to write it
  | "port-in-use"
  | "aborted" // the caller went away or pressed Ctrl-C
  | "internal";

const MARKER = Symbol.for("waymark.error");

export interface WaymarkErrorOptions {
  /** What the reader of the message can do about it: one sentence. */
  hint?: string;
  cause?: unknown;
}

/** The base of all errors that Waymark raises on purpose. Recognise it with {@link WaymarkError.isInstance}. */
export class WaymarkError extends Error {
  readonly [MARKER] = true;
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: WaymarkErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "WaymarkError";
    this.code = code;
    this.hint = options.hint;
  }

  /** True for a WaymarkError of this or another copy of the package. */
  static isInstance(error: unknown): error is WaymarkError {
    return typeof error === "object" && error !== null && MARKER in error;
  }
}
