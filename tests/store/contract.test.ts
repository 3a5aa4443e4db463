import { storeContract } from "./contract.js";
import { openStore, temporaryFolder } from "./fixture.js";

const newIndex = () => {
  const folder = temporaryFolder();
  return { open: async (options = {}) => openStore(folder, options) };
};

storeContract("SqliteStore", newIndex, { bm25: "exact" });
