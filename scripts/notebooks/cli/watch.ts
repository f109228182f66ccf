/** `--watch`: keeps running, and runs the notebooks again that a change concerns. */
import { dirname, join, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { watch as watchFiles } from 'chokidar';
import { UsageError } from '../../commandLine';
import { build } from '../../build';
import { affectedBy, type Watched } from './affected';
import { findNotebooks, type Found } from '../notebook/find';
import { NotebookError, readNotebook, shownPath } from '../notebook/notebook';
import type { Options } from './options';
import { readText } from '../notebook/readText';

const ROOT = join(__dirname, '..', '..', '..');
const LIB = join(ROOT, 'lib', 'src');
/** Editors save in several steps; everything within this time is one change. */
const QUIET_MS = 150;

/**
 * Never resolves: Ctrl-C ends the process.
 *
 * @param run runs some of all the watched notebooks
 * @throws UsageError before anything is watched
 */
export async function watch(
  options: Options,
  run: (files: readonly Found[], watched: readonly Found[]) => Promise<number>,
): Promise<never> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  let files = findNotebooks(options);
  const changes = await Changes.in([...new Set(files.map(({ file }) => dirname(file))), LIB]);
  /** What was run last, so that a file saved without a change is not run again. */
  const texts = new Map<string, string>();
  const note = () => files.forEach(({ file }) => texts.set(file, textOf(file)));
  note();
  await run(files, files);
  for (;;) {
    say(`\nwatching ${files.length} notebook${files.length === 1 ? '' : 's'} and lib; Ctrl-C ends`);
    const changed = (await changes.next()).filter(
      (file) => texts.get(file) !== textOf(file) || !texts.has(file),
    );
    try {
      files = findNotebooks(options);
      const affected = affectedBy(changed, files.map(watched), LIB);
      note();
      if (affected.notebooks.length === 0) continue;
      say(`\nchanged: ${changed.map(shownPath).join(', ')}`);
      if (affected.build && !(await build())) continue;
      await run(
        files.filter(({ file }) => affected.notebooks.includes(file)),
        files,
      );
    } catch (error) {
      // The folder has been emptied, or a parameter is not declared any more: the next change may mend it.
      if (!(error instanceof UsageError)) throw error;
      say(error.message);
    }
  }
}

/** What cannot be read has no text to change. */
function textOf(file: string): string {
  try {
    return readText(file);
  } catch {
    return '';
  }
}

function watched({ file }: Found): Watched {
  try {
    return {
      file,
      source: readNotebook(file)
        .cells.map((cell) => cell.source)
        .join('\n'),
    };
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    return { file, source: '' };
  }
}

/** The changed files, gathered until no more come for a moment. */
class Changes {
  readonly #changed = new Set<string>();
  #wake: () => void = () => undefined;

  /** Resolves once every change from now on will be seen. Hidden files, packages and files being written are none. */
  static async in(places: readonly string[]): Promise<Changes> {
    const changes = new Changes();
    const isIgnored = (path: string) => {
      const place = places.find((folder) => path.startsWith(folder + sep));
      return place !== undefined && /[/\\](\.|node_modules([/\\]|$))|\.tmp$/.test(path.slice(place.length));
    };
    const watcher = watchFiles([...places], { ignored: isIgnored, ignoreInitial: true });
    watcher.on('all', (event, path) => {
      if (event !== 'addDir' && event !== 'unlinkDir') changes.#note(path);
    });
    await new Promise<void>((ready) => watcher.once('ready', ready));
    return changes;
  }

  async next(): Promise<string[]> {
    if (this.#changed.size === 0) await new Promise<void>((wake) => (this.#wake = wake));
    for (let before = -1; before !== this.#changed.size;) {
      before = this.#changed.size;
      await sleep(QUIET_MS);
    }
    const files = [...this.#changed];
    this.#changed.clear();
    return files;
  }

  #note(file: string): void {
    this.#changed.add(file);
    this.#wake();
  }
}
