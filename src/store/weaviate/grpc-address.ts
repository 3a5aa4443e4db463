import { once } from "node:events";
import { connect } from "node:net";
import { WaymarkError } from "../../errors.js";

/**
 * Looks whether anything takes connections at the gRPC address of a node that answers at `url`: Weaviate's client would
 * try for a quarter of a minute, and warn of each try, before it tells.
 * @throws WaymarkError `store-unreachable`
 */
export async function requireGrpc(url: string, grpc: URL, signal: AbortSignal): Promise<void> {
  const host = grpc.hostname.replace(/^\[|\]$/g, "");
  const socket = connect({ host, port: portOf(grpc) });
  try {
    await once(socket, "connect", { signal });
  } catch (cause) {
    throw new WaymarkError(
      "store-unreachable",
      `Weaviate answers at ${url}, but nothing answers at its gRPC address ${grpc.origin}.`,
      {
        hint: "Look whether the node's gRPC port is open, and set store.grpcUrl where it is another one.",
        cause,
      },
    );
  } finally {
    socket.destroy();
  }
}

/** The port of an address, also where it is the usual one of its protocol. */
export function portOf({ port, protocol }: URL): number {
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}
