import { WaymarkError } from "../../errors.js";

/**
 * Refuses a key that no header can carry, before a library says so with the whole key in its message.
 * @throws WaymarkError `invalid-settings`
 */
export function checkKey(key: string | undefined): void {
  if (key === undefined || /^[\x20-\x7e]+$/.test(key)) return;
  throw new WaymarkError(
    "invalid-settings",
    "WAYMARK_WEAVIATE_KEY has a line break or a character that no key can have.",
    { hint: "Give the key in one line of letters, digits and signs, as Weaviate has it." },
  );
}
