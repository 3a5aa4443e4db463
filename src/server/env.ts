import type { RequestIdVariables } from "hono/request-id";

/** What the middlewares and routes of one request tell each other. */
export interface ServerEnv {
  Variables: RequestIdVariables & {
    /** Set where the response is a stream of events: settles after the last one, with the error that ended it. */
    events?: Promise<unknown>;
  };
}
