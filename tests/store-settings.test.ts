import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadSettings, type SettingsInput, weaviateKey } from "../src/config.js";
import { failure, temporaryFolder } from "./store/fixture.js";

const load = (settings: SettingsInput, env: NodeJS.ProcessEnv = {}) =>
  loadSettings(settings, { env, cwd: temporaryFolder() });

describe("the setting store", () => {
  it("is this machine where nothing is said", () => {
    expect(load({}).store).toEqual({ kind: "local" });
  });

  it("takes one node or several, and fills in the rest", () => {
    const one = load({ store: { kind: "weaviate", url: "http://127.0.0.1:8080" } }).store;
    expect(one).toEqual({
      kind: "weaviate",
      url: ["http://127.0.0.1:8080"],
      collectionPrefix: "Waymark",
      replication: 1,
      consistency: "QUORUM",
      compress: false,
    });
    const url = ["https://a.example", "https://b.example:8443"];
    expect(load({ store: { kind: "weaviate", url, grpcUrl: url } }).store).toMatchObject({
      url,
      grpcUrl: url,
    });
  });

  it("takes its nodes from the environment, and the rest from the settings file", () => {
    const cwd = temporaryFolder();
    const inFile = { store: { kind: "weaviate", url: "http://old:1", replication: 3 } };
    writeFileSync(join(cwd, "waymark.config.json"), JSON.stringify(inFile));
    const env = { WAYMARK_WEAVIATE_URL: "http://a:1,http://b:2" };
    expect(loadSettings({}, { env, cwd }).store).toMatchObject({
      url: ["http://a:1", "http://b:2"],
      replication: 3,
    });
  });

  it.each<[SettingsInput["store"], string]>([
    [{ kind: "weaviate", url: "ftp://a" }, "url"],
    [{ kind: "weaviate", url: [] }, "url"],
    [{ kind: "weaviate", url: "http://a", collectionPrefix: "lower" }, "capital"],
    [{ kind: "weaviate", url: "http://a", grpcUrl: ["http://a:1", "http://b:1"] }, "gRPC"],
    [{ kind: "weaviate", url: "http://a", key: "secret" } as never, "key"],
  ])("refuses %j", async (store, named) => {
    const { code, message } = await failure(() => load({ store }));
    expect(code).toBe("invalid-settings");
    expect(message).toContain(named);
  });

  it("has the key in the environment alone", () => {
    expect(weaviateKey({ WAYMARK_WEAVIATE_KEY: "secret" })).toBe("secret");
    expect(weaviateKey({})).toBeUndefined();
    const store = load({ store: { kind: "weaviate", url: "http://a" } }, { WAYMARK_WEAVIATE_KEY: "secret" });
    expect(JSON.stringify(store)).not.toContain("secret");
  });
});
