/** Comparison of notebook outputs: pure functions, no files, no kernel. README.md tells what counts as the same. */
export { compareOutputs } from './outputs';
export { builtInSanitizers, sanitizerList } from './sanitize';
export type { StoredCell } from './stale';
export { sourceHash, staleReason } from './stale';
