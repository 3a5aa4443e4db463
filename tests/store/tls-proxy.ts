import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";

export interface Certificate {
  /** The PEM file of the certificate, which is its own authority. */
  file: string;
  key: Buffer;
  cert: Buffer;
}

/** A new self-signed certificate for loopback, made by the openssl command. */
export function makeCertificate(folder: string): Certificate {
  const [key, file] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const made =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=waymark-test";
  const host = ["-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", [...made.split(" "), ...host, "-keyout", key, "-out", file], { stdio: "pipe" });
  return { file, key: readFileSync(key), cert: readFileSync(file) };
}

/**
 * Ends TLS on a free port of loopback and hands on what is inside to `target`, as the proxy before a cluster does.
 * `protocol` is what it agrees to by ALPN: `h2` for gRPC.
 */
export async function startTlsProxy(
  target: string,
  { key, cert }: Certificate,
  protocol: "http/1.1" | "h2",
): Promise<{ url: string; close(): void }> {
  const { hostname, port } = new URL(target);
  const server = createServer({ key, cert, ALPNProtocols: [protocol] }, (outside) => {
    const inside = connect(Number(port), hostname);
    outside.pipe(inside).pipe(outside);
    outside.on("error", () => inside.destroy());
    inside.on("error", () => outside.destroy());
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: own } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${own}`, close: () => void server.close() };
}
