/** Documents that were added one by one, and not by indexing a folder of the reader's, have uris that start so. */
export const ADDED_SCHEME = "added:";
