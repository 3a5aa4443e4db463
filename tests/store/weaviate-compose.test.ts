import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { PACKAGE_ROOT } from "../../src/config.js";
import { storeSchema } from "../../src/store-settings.js";

interface Service {
  image: string;
  restart: string;
  command: string[];
  environment: Record<string, string>;
  ports: string[];
  volumes: string[];
}

const read = (...path: string[]) => readFileSync(join(PACKAGE_ROOT, ...path), "utf8");
const text = read("docs", "weaviate", "compose.yaml");
const file: { services: Record<string, Service>; volumes: Record<string, null> } = parse(text, {
  merge: true,
});
const services = Object.entries(file.services);
const published = (service: Service, inside: string) =>
  service.ports
    .map((port) => port.split(":"))
    .filter(([, , target]) => target === inside)
    .map(([host, port]) => `http://${host}:${port}`);

describe("the compose file for a cluster", () => {
  it("has the server that the tests run against", () => {
    const [, version] = /VERSION = "v([\d.]+)"/.exec(read("scripts", "weaviate.js")) ?? [];
    for (const [, { image }] of services) expect(image.split(":")).toEqual([expect.any(String), version]);
  });

  it("is reached as its comment says, on loopback alone, by settings that Waymark takes", () => {
    const [, comment = ""] = /^#( {3}\{ "store".*?\} \})$/ms.exec(text) ?? [];
    const { store } = JSON.parse(comment.replaceAll("\n#", "\n"));
    expect(storeSchema.parse(store)).toMatchObject({
      url: services.flatMap(([, service]) => published(service, "8080")),
      grpcUrl: services.flatMap(([, service]) => published(service, "50051")),
      replication: services.length,
    });
    expect(services.flatMap(([, { ports }]) => ports)).toHaveLength(2 * services.length);
    for (const { host } of store.url.map((each: string) => new URL(each)))
      expect(host).toMatch(/^127\.0\.0\.1:/);
  });

  it("asks for the key that Waymark is given, and does not start without", () => {
    for (const [, { environment }] of services) {
      expect(environment).toMatchObject({
        AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: "false",
        AUTHENTICATION_APIKEY_ENABLED: "true",
        AUTHENTICATION_APIKEY_ALLOWED_KEYS: expect.stringMatching(/^\$\{WAYMARK_WEAVIATE_KEY:\?/),
      });
    }
  });

  it.each(services)("lets %s find itself first, then all others, and keep its data", (name, service) => {
    const { environment, volumes, command } = service;
    const names = services.map(([each]) => each);
    const join = environment.CLUSTER_JOIN?.split(",") ?? [];
    expect(environment.CLUSTER_HOSTNAME).toBe(name);
    expect(join[0]).toBe(`${name}:${environment.CLUSTER_GOSSIP_BIND_PORT}`);
    expect(join.map((each) => each.split(":")[0]).sort()).toEqual(names);
    expect(environment.RAFT_JOIN?.split(",")).toEqual(names);
    expect(environment.RAFT_BOOTSTRAP_EXPECT).toBe(String(names.length));
    expect(volumes).toEqual([`${name}:${environment.PERSISTENCE_DATA_PATH}`]);
    expect(Object.keys(file.volumes)).toContain(name);
    expect(command).toEqual(["--host", "0.0.0.0", "--port", "8080", "--scheme", "http"]);
  });
});
