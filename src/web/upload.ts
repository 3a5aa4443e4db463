import type { AddedDocument } from "../waymark.js";
import type { Adding } from "./api.js";
import { ApiError, type Problem, toProblem, UNREACHABLE } from "./problem.js";

/**
 * Sends a file to be indexed; `onSent` hears which share of it is on its way, from 0 to 1. Ends when it can be asked.
 * (`fetch` cannot tell how far a body has been sent.)
 * @throws ApiError
 */
export function uploadDocument(file: File, onSent: (share: number) => void): Promise<AddedDocument> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/documents");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) =>
      onSent(total === 0 ? 1 : loaded / total),
    );
    request.addEventListener("error", () => reject(new ApiError(UNREACHABLE)));
    request.addEventListener("load", () => {
      if (request.status < 300) resolve(request.response as AddedDocument);
      else reject(new ApiError(toProblem(request.response, request.status)));
    });
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

/** Why a file would be refused, before it is sent; undefined where nothing is known against it. */
export function whyRefused({ name, size }: Pick<File, "name" | "size">, adding: Adding): Problem | undefined {
  const { allowed, maxBytes, extensions } = adding;
  if (!allowed) {
    return {
      code: "adding-not-allowed",
      detail: "This server takes no files.",
      hint: "Put the file into the folder that Waymark answers from and run waymark ingest.",
    };
  }
  if (!extensions.some((extension) => name.toLowerCase().endsWith(extension))) {
    return {
      code: "unsupported-format",
      detail: "Waymark cannot read this kind of file.",
      hint: `It reads ${extensions.join(", ")}.`,
    };
  }
  if (size > maxBytes) {
    const limit = Math.floor(maxBytes / 1024 / 1024);
    return {
      code: "body-too-large",
      detail: `The file is larger than ${limit} MB.`,
      hint: "Split it, or put it into the folder that Waymark answers from.",
    };
  }
  return undefined;
}
