/**
 * The tags of cells, with the meanings that nbval, nbclient and papermill gave them. As in nbval, a tag may also be a
 * comment on the cell's first line (`// raises-exception`, `// NBVAL_SKIP`; `#` in Python).
 */

export type Tag =
  /** The cell must raise an error (nbclient); it is a failure if it does not. */
  | 'raises-exception'
  /** The cell is not run. */
  | 'skip-execution'
  /** Run, but outputs are not compared (nbval). */
  | 'nbval-ignore-output'
  /** Compared even under --no-compare (nbval's lax mode). */
  | 'nbval-check-output'
  /** --param values are injected after this cell (papermill). */
  | 'parameters';

const NAMES: Readonly<Record<string, Tag>> = {
  'raises-exception': 'raises-exception',
  'nbval-raises-exception': 'raises-exception',
  'skip-execution': 'skip-execution',
  'nbval-skip': 'skip-execution',
  'nbval-ignore-output': 'nbval-ignore-output',
  'nbval-check-output': 'nbval-check-output',
  parameters: 'parameters',
};

const tagOf = (word: string): Tag | undefined => {
  const name = word.toLowerCase().replaceAll('_', '-');
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
};

/** The tags of `metadata.tags` and of the first line's marker, by their canonical names. Unknown tags are ignored. */
export function effectiveTags(metadataTags: readonly string[], source: string): ReadonlySet<Tag> {
  const stored = metadataTags.map(tagOf).filter((tag) => tag !== undefined);
  return new Set([...stored, ...markers(source)]);
}

/** The first line's tags, if it is a comment with nothing but tags: prose that mentions a tag is not a marker. */
function markers(source: string): Tag[] {
  const comment = /^\s*(?:\/\/|#)\s*(.+?)\s*$/.exec(source.split(/[\r\n\u2028\u2029]/, 1)[0]);
  if (!comment) return [];
  const tags = comment[1].split(/[\s,]+/).map(tagOf);
  return tags.every((tag) => tag !== undefined) ? tags : [];
}
