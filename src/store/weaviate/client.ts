import type * as weaviate from "weaviate-client";
import { WaymarkError } from "../../errors.js";

/** The client's package, as far as Waymark uses it. */
export type ClientModule = typeof weaviate;

/**
 * Loads Weaviate's client, which is not installed with Waymark: most indexes are on one machine.
 * @throws WaymarkError `invalid-settings` where it is not installed
 */
export async function loadClient(): Promise<ClientModule> {
  try {
    return await import("weaviate-client");
  } catch (cause) {
    const missing = (cause as { code?: string }).code === "ERR_MODULE_NOT_FOUND";
    throw new WaymarkError(
      "invalid-settings",
      missing
        ? "The settings put the index into Weaviate, and the package for it is not installed."
        : "The package weaviate-client cannot be loaded.",
      { hint: "Install it beside Waymark: npm install weaviate-client@3.12", cause },
    );
  }
}
