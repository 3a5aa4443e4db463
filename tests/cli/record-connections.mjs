// Loaded before a program: appends to the file in CONNECTIONS_LOG every address that it connects to and every name that
// it looks up.
import { appendFileSync } from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";

const require = createRequire(import.meta.url);
const log = (what) => appendFileSync(process.env.CONNECTIONS_LOG, `${what}\n`);

const net = require("node:net");
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const [first] = args.flat();
  const { host, path, port } =
    typeof first === "object" && first !== null ? first : { port: first, host: args[1] };
  log(`connect ${path ?? `${host ?? "localhost"}:${port}`}`);
  return connect.apply(this, args);
};

const dns = require("node:dns");
for (const of of [dns, dns.promises]) {
  for (const name of ["lookup", "resolve", "resolve4", "resolve6"]) {
    const original = of[name];
    of[name] = (host, ...rest) => {
      log(`look up ${host}`);
      return original.call(of, host, ...rest);
    };
  }
}

const dgram = require("node:dgram");
const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (...args) {
  log(`send ${args.filter((arg) => typeof arg === "string" || typeof arg === "number").join(" ")}`);
  return send.apply(this, args);
};
syncBuiltinESMExports();
