import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { HonoRequest, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { PACKAGE_ROOT } from "../config.js";
import { WaymarkError } from "../errors.js";
import type { Additions, Waymark } from "../waymark.js";
import type { AdmissionLimits } from "./admission-queue.js";
import type { ServerEnv } from "./env.js";
import { admission } from "./middleware/admission.js";
import { receiveUpload } from "./middleware/receive-upload.js";
import { type Logger, requestLog } from "./middleware/request-log.js";
import { isLoopbackHost, sameOrigin } from "./middleware/same-origin.js";
import { securityHeaders } from "./middleware/security-headers.js";
import { requireToken } from "./middleware/token.js";
import { problem, problemResponse, toProblem } from "./problem.js";
import { additionRoutes, refuseAddition } from "./routes/additions.js";
import { askRoutes } from "./routes/ask.js";
import { chatRoutes } from "./routes/chat.js";
import { collectionRoutes } from "./routes/collections.js";
import { documentRoutes, MAX_DOCUMENT_BYTES } from "./routes/documents.js";
import { healthRoutes } from "./routes/health.js";
import { mcpRoutes } from "./routes/mcp.js";
import { pageRoutes } from "./routes/page.js";
import { type OpenApiDocument, referenceRoutes } from "./routes/reference.js";
import { searchRoutes } from "./routes/search.js";
import { refuseInvalid } from "./validation.js";

/** A request's body, at most, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

export interface AppOptions {
  waymark: Waymark;
  /** Gets one entry for each request. Without it nothing is logged. */
  logger?: Logger;
  /** The folder of the built page. Without it `/` says how to build it. */
  webRoot?: string;
  /** The address or name that the server listens on: requests for other hosts are refused. Loopback is always ours. */
  host?: string;
  /** Other names and sites that may be asked for and may ask; see {@link sameOrigin}. */
  allowedHosts?: readonly string[];
  allowedOrigins?: readonly string[];
  /** What every request has to bring along. Needed where `host` is not loopback. */
  token?: string;
  /** How many requests run and wait. */
  limits?: Partial<AdmissionLimits>;
  /** What takes documents and removes them. They are refused without it, and where `host` is not loopback and there is no token. */
  additions?: Additions;
}

/** Two cores answer some five questions a second: who waits last waits some seven seconds. */
export const DEFAULT_LIMITS: AdmissionLimits = { running: 4, waiting: 32, perClient: 16 };

/**
 * The HTTP API and the page, as an app that needs no socket.
 *
 * @throws WaymarkError `invalid-settings` where the host is not loopback and there is no token
 * @example
 * ```ts
 * const app = createApp({ waymark });
 * const response = await app.request("/api/health");
 * ```
 */
export function createApp(options: AppOptions): OpenAPIHono<ServerEnv> {
  const { waymark, logger, webRoot, host, token, allowedOrigins = [], additions } = options;
  const isLocal = host === undefined || isLoopbackHost(host);
  if (!isLocal && token === undefined) throw tokenNeeded(host);
  const app = new OpenAPIHono<ServerEnv>({ defaultHook: refuseInvalid });
  app.onError((error, c) => problemResponse(c, toProblem(error, c.req.raw.signal)));
  app.notFound((c) =>
    problemResponse(
      c,
      problem("route-not-found", "There is nothing at this path.", { hint: "/api/docs lists the paths." }),
    ),
  );

  app.use(requestId());
  if (logger) app.use(requestLog(logger));
  app.use(securityHeaders());
  for (const path of ["/api/*", "/v1/*", "/mcp"]) {
    app.use(path, async (c, next) => {
      await next();
      c.header("Cache-Control", "no-store");
    });
  }
  app.use(sameOrigin(options));
  if (allowedOrigins.length > 0) {
    app.use(cors({ origin: [...allowedOrigins], allowHeaders: ["Authorization", "Content-Type"] }));
  }
  if (token !== undefined) app.use(requireToken(token));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) =>
        problemResponse(c, problem("method-not-allowed", `This path takes ${methods.join(" and ")}.`), {
          Allow: methods.join(", "),
        }),
    }),
  );
  const taking = (host !== undefined && isLocal) || token !== undefined ? additions : undefined;
  const isUpload = ({ method, path }: HonoRequest) => method === "POST" && path === "/api/documents";
  const small = limitBody(MAX_BODY_BYTES, "Send a shorter question or fewer turns of the history.");
  const upload = receiveUpload(
    limitBody(MAX_DOCUMENT_BYTES + MAX_BODY_BYTES, "Split the document, or put it into the corpus folder."),
  );
  app.use(async (c, next) => {
    if (!isUpload(c.req)) return small(c, next);
    return taking === undefined ? refuseAddition(c) : upload(c, next);
  });
  app.use(admission({ ...DEFAULT_LIMITS, ...options.limits }));

  app.route("/", askRoutes(waymark));
  app.route("/", searchRoutes(waymark));
  app.route("/", documentRoutes(waymark, taking !== undefined));
  app.route("/", collectionRoutes(waymark));
  app.route("/", additionRoutes(taking));
  app.route("/", healthRoutes(waymark));
  app.route("/", chatRoutes(waymark));
  app.route("/", mcpRoutes(waymark));
  app.route("/", referenceRoutes(once(() => describe(app))));
  app.route("/", pageRoutes(webRoot));
  return app;
}

function tokenNeeded(host: string): WaymarkError {
  return new WaymarkError(
    "invalid-settings",
    `The server would listen on ${host} for anyone, without a token.`,
    {
      hint: "Give it one of 16 characters or more with WAYMARK_TOKEN, or listen on 127.0.0.1.",
    },
  );
}

function limitBody(maxSize: number, hint: string): MiddlewareHandler<ServerEnv> {
  const limit = maxSize < 1024 * 1024 ? `${maxSize / 1024} kB` : `${Math.floor(maxSize / 1024 / 1024)} MB`;
  return bodyLimit({
    maxSize,
    onError: (c) => problemResponse(c, problem("body-too-large", `A body has at most ${limit}.`, { hint })),
  });
}

function describe(app: OpenAPIHono<ServerEnv>): OpenApiDocument {
  const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package.json"), "utf8")) as {
    version: string;
  };
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Waymark API",
      version: manifest.version,
      description:
        "Questions to your documents; every sentence of an answer leads to the exact place it comes from.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "/" }],
  });
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
