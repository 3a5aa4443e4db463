import { WaymarkError } from "../errors.js";
import type { Engine } from "./command.js";

/**
 * The ids of the documents that `--document` names, each by its id or its path in the corpus.
 * @throws WaymarkError `document-not-found`
 */
export async function chosenDocuments(engine: Engine, names: readonly string[]): Promise<string[]> {
  const documents = await engine.documents();
  return names.map((name) => {
    const found = documents.find(({ id, uri }) => id === name || uri === name);
    if (found !== undefined) return found.id;
    throw new WaymarkError("document-not-found", `No document is called "${name}".`, {
      hint: "waymark status lists the documents with their ids.",
    });
  });
}
