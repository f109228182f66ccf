/** Comparison of notebook outputs: pure functions, no files, no kernel. README.md tells what counts as the same. */
export { resolveTerminal, stripEscapes } from './stream';
export { compareOutputs } from './outputs';
export { readSanitizers } from './sanitize';
export type { CompareSettings } from './settings';
export { readCompareSettings, withSettings } from './settings';
export { sourceHash, staleReason } from './stale';
