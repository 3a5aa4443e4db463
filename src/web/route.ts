import type { Range } from "../documents/document.js";

/** A document, and the range in it that is to be marked. */
export interface DocumentPlace {
  documentId: string;
  range?: Range;
}

/** What the address asks for beside the conversation. */
export type Route = { view: "conversation" } | { view: "documents" } | ({ view: "document" } & DocumentPlace);

/** Reads a location's hash: `#/documents`, `#/d/<id>` or `#/d/<id>/<start>-<end>`; all else is the conversation alone. */
export function parseRoute(hash: string): Route {
  if (hash === "#/documents") return { view: "documents" };
  const found = /^#\/d\/([^/]+)(?:\/(\d+)-(\d+))?$/.exec(hash);
  const documentId = decode(found?.[1] ?? "");
  if (documentId === "") return { view: "conversation" };
  const start = Number(found?.[2]);
  const end = Number(found?.[3]);
  return start < end
    ? { view: "document", documentId, range: { start, end } }
    : { view: "document", documentId };
}

/** The hash for a route; the inverse of {@link parseRoute}. */
export function formatRoute(route: Route): string {
  if (route.view === "conversation") return "#/";
  if (route.view === "documents") return "#/documents";
  const { documentId, range } = route;
  const place = range === undefined ? "" : `/${range.start}-${range.end}`;
  return `#/d/${encodeURIComponent(documentId)}${place}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
