import { storeContract } from "./contract.js";
import { openStore, temporaryFolder } from "./fixture.js";

storeContract("SqliteStore", () => {
  const folder = temporaryFolder();
  return { open: async (options) => openStore(folder, options) };
});
