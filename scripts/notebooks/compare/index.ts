/** Comparison of notebook outputs: pure functions, no files, no kernel. README.md tells what counts as the same. */
export { clip } from './diff';
export { resolveTerminal, stripEscapes } from './stream';
export { compareOutputs } from './outputs';
export { sanitizers } from './sanitize';
export type { CompareSettings } from './settings';
export { compareSettings, withSettings } from './settings';
export { sourceHash, staleReason } from './stale';
