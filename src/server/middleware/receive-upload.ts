import type { MiddlewareHandler } from "hono";
import { AdmissionQueue } from "../admission-queue.js";
import type { ServerEnv } from "../env.js";
import { inTurn } from "./admission.js";

/** Uploads that are received or worked on at once, and those of one client: each is in memory as a whole. */
const UPLOADS = { running: 4, waiting: 0, perClient: 2 };

/**
 * Lets few uploads come in at once, and tells the others at once when to come again. They have a limit of their own: an
 * upload over a slow line takes long, and must not keep those who ask from their turns.
 *
 * @param limitBody refuses bodies that are too large
 */
export function receiveUpload(limitBody: MiddlewareHandler<ServerEnv>): MiddlewareHandler<ServerEnv> {
  const queue = new AdmissionQueue(UPLOADS);
  return async function receiveUpload(c, next) {
    return inTurn(queue, c, () => limitBody(c, next));
  };
}
