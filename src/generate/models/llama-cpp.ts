import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { WaymarkError } from "../../errors.js";
import type { GenerateSettings, LanguageModel } from "./language-model.js";
import { LlamaCppChat, type LlamaCppModule } from "./llama-cpp-chat.js";

// One core is left for the reader, which verifies while the model writes. llama.cpp's threads wait for each other by
// spinning: with one for each core they were four times slower than a single one where anything else ran.
const threads = Math.max(1, availableParallelism() - 1);

const PACKAGE = "node-llama-cpp";

/**
 * A GGUF file in this process, by node-llama-cpp, which only those install who want it.
 * @throws WaymarkError `model-missing` where the package or the file is not there, `model-damaged` where it cannot be read
 */
export async function openLlamaCpp(
  file: string,
  { model: name, contextTokens, maxTokens }: GenerateSettings,
): Promise<LanguageModel> {
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new WaymarkError("model-missing", `The language model ${path} is not there.`, {
      hint: "Correct generate.model: llamacpp:<path of a GGUF file>.",
    });
  }
  const { getLlama, LlamaChatSession } = await importLlamaCpp();
  const llama = await getLlama({ build: "never", progressLogs: false, logLevel: "error" });
  try {
    const model = await llama.loadModel({ modelPath: path });
    const contextSize = Math.min(contextTokens, model.trainContextSize);
    const context = await model.createContext({ contextSize, threads });
    return {
      name,
      chat: new LlamaCppChat({ LlamaChatSession, sequence: context.getSequence(), maxTokens }),
      contextTokens: contextSize,
      countTokens: (text) => model.tokenize(text).length,
      close: () => llama.dispose(),
    };
  } catch (cause) {
    await llama.dispose();
    throw new WaymarkError("model-damaged", `The language model ${path} cannot be loaded.`, {
      hint: "It has to be a GGUF file that llama.cpp knows, and to fit into memory; lower generate.contextTokens if it does not.",
      cause,
    });
  }
}

/** Found as `require` finds packages, so beside this package, above it, or in NODE_PATH (a global installation). */
async function importLlamaCpp(): Promise<LlamaCppModule> {
  try {
    const path = createRequire(import.meta.url).resolve(PACKAGE);
    return (await import(pathToFileURL(path).href)) as LlamaCppModule;
  } catch (cause) {
    throw new WaymarkError("model-missing", `The package ${PACKAGE} is not installed.`, {
      hint: `Run \`npm install ${PACKAGE}\` where Waymark is installed; only llamacpp: models need it.`,
      cause,
    });
  }
}
