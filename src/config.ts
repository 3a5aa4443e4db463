import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { WaymarkError } from "./errors.js";
import { DEFAULT_COLLECTION, isCollectionName } from "./store/collection.js";
import { storeSchema } from "./store-settings.js";

/** The folder that holds package.json: `models/` and the default `corpus/` are found from here. */
export const PACKAGE_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The corpus that comes with Waymark. */
export const DEFAULT_CORPUS = join(PACKAGE_ROOT, "corpus");

/** The settings file that is looked for in the working directory. */
export const SETTINGS_FILE = "waymark.config.json";

/** Which language models there are: see src/generate/models/language-model.ts. */
const LANGUAGE_MODEL = /^(?:ollama|openai|llamacpp):\S/;

/** What a settings file may hold, and all defaults. */
export const settingsSchema = z.strictObject({
  /** The folder (or file) to index. Default: what the index was made from last, and at first {@link DEFAULT_CORPUS}. */
  corpus: z.string().min(1).optional(),
  /** Named folders (or files) beside the corpus: a collection each, in the same index. */
  collections: z
    .record(
      z
        .string()
        .refine(
          (name) => isCollectionName(name) && name !== DEFAULT_COLLECTION,
          "name collections by letters, digits, dots, hyphens and underscores; the corpus is the one called default",
        ),
      z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((paths) => [paths].flat()),
    )
    .default({}),
  /** Of all folders only the files that match, in patterns as in a `.gitignore`. Default: what was given at an ingest. */
  include: z.array(z.string().min(1)).optional(),
  /** Of all folders not the files that match. Default: what was given at an ingest. */
  exclude: z.array(z.string().min(1)).optional(),
  /** The folder for the database and the graph. Default: `index` in the working directory. */
  index: z.string().min(1).default("index"),
  store: storeSchema.prefault({ kind: "local" }),
  models: z
    .strictObject({
      /** A local folder, or a hub name when `allowRemote` is on. */
      embedder: z
        .string()
        .min(1)
        .default(join(PACKAGE_ROOT, "models", "minilm-l6-v2")),
      /** A local folder or hub name; null: no reader, answers are ranked by similarity alone. */
      reader: z
        .string()
        .min(1)
        .nullable()
        .default(join(PACKAGE_ROOT, "models", "reader")),
      /** Let the runtime download a model that is named but not local. */
      allowRemote: z.boolean().default(false),
    })
    .prefault({}),
  server: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1"),
      port: z.number().int().min(0).max(65535).default(4100),
      /** What every request has to bring along. Needed where `host` is not loopback. */
      token: z
        .string()
        .min(16)
        .regex(/^[\x21-\x7e]+$/, "use letters, digits and signs without spaces")
        .optional(),
      /** Other names that the server is known by, such as that of a reverse proxy: without a port. */
      allowedHosts: z.array(z.string().min(1)).default([]),
      /** Other sites whose pages may call the API: exact origins, such as `https://notes.example`. */
      allowedOrigins: z
        .array(z.string().regex(/^https?:\/\/[^/]+$/, "give an origin such as https://notes.example"))
        .default([]),
      /** Requests that are worked on at once, that wait for their turn, and that one client may have. */
      maxRunning: z.number().int().min(1).max(64).default(4),
      maxWaiting: z.number().int().min(0).max(10_000).default(32),
      maxPerClient: z.number().int().min(1).max(10_000).default(16),
    })
    .prefault({}),
  retrieve: z
    .strictObject({
      /**
       * Candidates taken from each of BM25 and the vectors. nDCG@10 on SciFact (300 claims), fused and with late interaction:
       * .731, .745 with 100; .729, .747 with 64; .730, .746 with 50. On the article's 281 questions and 120 others 64 gives the
       * very answers of 100. At 100,000 passages a search takes 1 ms less.
       */
      depth: z.number().int().min(1).max(1000).default(64),
      /**
       * Share of the dense score in the fusion, in [0, 1]; BM25 has the rest. Convex combination of min-max scores,
       * nDCG@10: SciFact .735 at .5 and .707 at .7 (dense alone .650); NQ passages .944 and .956 (dense alone .952).
       */
      denseWeight: z.number().min(0).max(1).default(0.6),
      /**
       * Share of late interaction against the fused score, in [0, 1], among the best. Right passage first, in the top 8,
       * on one article (83 questions) and first on ClapNQ (150): at 0 .651, .940, .913; at .3 .675, .940, .953; at .5 .687, .940,
       * .947; at .6 .687, .940, .947. SciFact (300 claims), nDCG@10: at 0 .728, at .3 .735, at .5 .741.
       */
      interactionWeight: z.number().min(0).max(1).default(0.5),
    })
    .prefault({}),
  answer: z
    .strictObject({
      /**
       * Passages that the reader looks at, best first. Right sentence first, its average precision (89 questions on one
       * article): with 12 .615, .680; with 8 .615, .688; with 6 .601, .677. ClapNQ: .757, .766; .752, .762; .752, .762.
       */
      passagesRead: z.number().int().min(1).max(50).default(8),
      /** Sentences in an answer, at most; lists and tables asked for whole are not cut by it. */
      maxSentences: z.number().int().min(1).max(50).default(6),
    })
    .prefault({}),
  generate: z
    .strictObject({
      /** `ollama:<model>`, `openai:<model>` or `llamacpp:<file.gguf>`; null: answers are the documents' own sentences. */
      model: z
        .string()
        .regex(LANGUAGE_MODEL, 'give "ollama:<model>", "openai:<model>" or "llamacpp:<file.gguf>"')
        .nullable()
        .default(null),
      /** The server of an `ollama:` or `openai:` model. Default: Ollama's on this machine; OpenAI's. */
      baseUrl: z.url({ protocol: /^https?$/ }).optional(),
      /** Tokens that evidence, question and answer may take together. */
      contextTokens: z.number().int().min(512).max(1_000_000).default(4096),
      /** Tokens that an answer may take; a model that talks past it is not shown. */
      maxTokens: z.number().int().min(16).max(100_000).default(400),
      /** A model from which nothing comes for so many seconds is given up. */
      stallSeconds: z.number().min(1).max(3600).default(60),
      /** Let the model make a follow-up question whole before it is searched for. */
      rewriteFollowUps: z.boolean().default(false),
    })
    .prefault({}),
});

/** All settings, complete and checked. Paths are absolute. */
export type Settings = z.infer<typeof settingsSchema>;

/** What a settings file, the environment and the command line may give: any part of {@link Settings}. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** Environment variables and the setting that each one gives. */
const ENVIRONMENT: Record<string, (value: string) => SettingsInput> = {
  WAYMARK_CORPUS: (value) => ({ corpus: value }),
  WAYMARK_INDEX: (value) => ({ index: value }),
  WAYMARK_WEAVIATE_URL: (value) => ({ store: { kind: "weaviate", url: value.split(",") } }),
  WAYMARK_HOST: (value) => ({ server: { host: value } }),
  WAYMARK_PORT: (value) => ({ server: { port: Number(value) } }),
  WAYMARK_TOKEN: (value) => ({ server: { token: value } }),
  WAYMARK_ALLOWED_HOSTS: (value) => ({ server: { allowedHosts: value.split(",") } }),
  WAYMARK_ALLOWED_ORIGINS: (value) => ({ server: { allowedOrigins: value.split(",") } }),
  WAYMARK_EMBEDDER: (value) => ({ models: { embedder: value } }),
  WAYMARK_READER: (value) => ({ models: { reader: value === "none" ? null : value } }),
  WAYMARK_LLM: (value) => ({ generate: { model: value === "none" ? null : value } }),
  WAYMARK_LLM_BASE_URL: (value) => ({ generate: { baseUrl: value } }),
  WAYMARK_ALLOW_REMOTE_MODELS: (value) => ({ models: { allowRemote: value === "1" || value === "true" } }),
};

/**
 * Merges defaults, the settings file, the environment and `overrides`, the later over the earlier.
 * @throws WaymarkError `invalid-settings`, naming the setting.
 */
export function loadSettings(
  overrides: SettingsInput = {},
  { cwd = process.cwd(), env = process.env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Settings {
  const fromEnvironment = Object.entries(ENVIRONMENT).flatMap(([name, toSetting]) => {
    const value = env[name];
    return value === undefined || value === "" ? [] : [toSetting(value)];
  });
  const merged = [readSettingsFile(join(cwd, SETTINGS_FILE)), ...fromEnvironment, overrides].reduce(
    mergeSettings,
    {},
  );
  const parsed = settingsSchema.safeParse(merged);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path.join(".") || "the settings";
    throw new WaymarkError("invalid-settings", `The setting "${path}" cannot be used: ${issue?.message}.`, {
      hint: `Look at ${SETTINGS_FILE}, the WAYMARK_* variables and the options given.`,
      cause: parsed.error,
    });
  }
  const settings = parsed.data;
  return {
    ...settings,
    ...(settings.corpus === undefined ? {} : { corpus: resolve(cwd, settings.corpus) }),
    collections: Object.fromEntries(
      Object.entries(settings.collections).map(([name, paths]) => [
        name,
        paths.map((path) => resolve(cwd, path)),
      ]),
    ),
    index: resolve(cwd, settings.index),
    models: {
      ...settings.models,
      embedder: localIfThere(cwd, settings.models.embedder),
      reader: settings.models.reader === null ? null : localIfThere(cwd, settings.models.reader),
    },
    generate: { ...settings.generate, model: withAbsoluteFile(cwd, settings.generate.model) },
  };
}

/**
 * The key for a remote language model, from the environment alone: it is in no setting, so that it cannot be printed or
 * written with them. OpenAI's own key goes to OpenAI only, not to whichever server `baseUrl` names.
 */
export function languageModelKey(
  { baseUrl }: Pick<Settings["generate"], "baseUrl">,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  return env.WAYMARK_LLM_KEY || (baseUrl === undefined ? env.OPENAI_API_KEY : undefined) || undefined;
}

/** The key for Weaviate, from the environment alone, as {@link languageModelKey}. */
export function weaviateKey(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.WAYMARK_WEAVIATE_KEY || undefined;
}

function readSettingsFile(path: string): SettingsInput {
  if (!existsSync(path)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new Error("not a JSON object");
    return value as SettingsInput;
  } catch (cause) {
    throw new WaymarkError("invalid-settings", `${SETTINGS_FILE} is not a JSON object.`, {
      hint: `Correct or remove ${path}.`,
      cause,
    });
  }
}

function mergeSettings(base: SettingsInput, over: SettingsInput): SettingsInput {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const before = merged[key];
    const nested = isPlainObject(before) && isPlainObject(value);
    merged[key] = nested ? { ...before, ...value } : value;
  }
  return merged as SettingsInput;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A hub name stays as it is; a path that exists becomes absolute. */
function localIfThere(cwd: string, model: string): string {
  const path = resolve(cwd, model);
  return existsSync(path) ? path : model;
}

function withAbsoluteFile(cwd: string, model: string | null): string | null {
  const file = model?.startsWith("llamacpp:") ? model.slice("llamacpp:".length) : undefined;
  return file === undefined ? model : `llamacpp:${resolve(cwd, file)}`;
}
