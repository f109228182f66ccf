/** `--watch`: stays, and runs again the notebooks that a change concerns. */
import { existsSync, readFileSync, watch as watchFolder } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '../build';
import { UsageError } from '../commandLine';
import { affectedBy, type Watched } from './affected';
import { findNotebooks, type Found } from './find';
import { NotebookError, readNotebook, shownPath } from './notebook';
import type { Options } from './options';

const ROOT = join(__dirname, '..', '..');
const LIB = join(ROOT, 'lib', 'src');
/** Editors save in several steps; what comes within this time is one change. */
const QUIET_MS = 150;

/** Never resolves: Ctrl-C ends the process. */
export async function watch(
  options: Options,
  run: (files: readonly Found[]) => Promise<number>,
): Promise<never> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  let files = findNotebooks(options);
  const changes = new Changes([...folders(files), ...(existsSync(LIB) ? [LIB] : [])]);
  /** What was run last, so that a file saved without a change is not run again. */
  const texts = new Map<string, string>();
  const note = () => files.forEach(({ file }) => texts.set(file, textOf(file)));
  note();
  await run(files);
  for (;;) {
    say(`\nwatching ${files.length} notebook${files.length === 1 ? '' : 's'} and lib; Ctrl-C ends`);
    const changed = (await changes.next()).filter(
      (file) => texts.get(file) !== textOf(file) || !texts.has(file),
    );
    try {
      files = findNotebooks(options);
    } catch (error) {
      // A folder that was emptied: wait until there is something again.
      if (!(error instanceof UsageError)) throw error;
      say(error.message);
      continue;
    }
    const affected = affectedBy(changed, files.map(watched), LIB);
    note();
    if (affected.notebooks.length === 0) continue;
    say(`\nchanged: ${changed.map(shownPath).join(', ')}`);
    if (affected.build && !(await build())) continue;
    await run(files.filter(({ file }) => affected.notebooks.includes(file)));
  }
}

function folders(files: readonly Found[]): string[] {
  const all = [...new Set(files.map(({ file }) => dirname(file)))];
  // A folder inside another one is watched with it.
  return all.filter((folder) => !all.some((other) => folder !== other && folder.startsWith(`${other}/`)));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
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

/** Changed files, gathered until nothing more comes for a moment. */
class Changes {
  readonly #changed = new Set<string>();
  #wake: () => void = () => undefined;

  constructor(places: readonly string[]) {
    for (const folder of places) {
      watchFolder(folder, { recursive: true }, (_, name) => {
        if (name === null || /(^|[/\\])\.|\.tmp$/.test(name)) return;
        this.#changed.add(resolve(folder, name));
        this.#wake();
      });
    }
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
}
