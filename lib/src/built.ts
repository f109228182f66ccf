/**
 * Which compiled files belong to which sources. In a checkout `lib/dist` can be older than `lib/src`; a program that loaded it
 * would measure, test or teach something other than the sources.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the build notes in `dist/built.json`. */
export interface BuildRecord {
  /** Of all that the build was made from: another build, another id. */
  readonly id: string;
  /** Every compiled file by its path from `src`, as it was. */
  readonly sources: Readonly<Record<string, Source>>;
}

export interface Source {
  readonly size: number;
  readonly mtimeMs: number;
  /** Of the content: a file that was only touched or checked out again has not changed. */
  readonly sha256: string;
}

/** The package's folder, which contains both `src` and `dist`. */
const LIB = join(__dirname, '..');

export function readSource(file: string): Source {
  const { size, mtimeMs } = statSync(file);
  return { size, mtimeMs, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}

/** Whether the file is not what `before` says. Reads it only if its time is another. */
export function hasChanged(file: string, before: Source): boolean {
  const now = statSync(file, { throwIfNoEntry: false });
  if (now === undefined) return true;
  if (now.size === before.size && now.mtimeMs === before.mtimeMs) return false;
  return now.size !== before.size || readSource(file).sha256 !== before.sha256;
}

/** The record of the last build; undefined where there was none. @param lib the package's folder */
export function readRecord(lib = LIB): BuildRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(lib, 'dist', 'built.json'), 'utf8')) as BuildRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Asked before what was compiled is used. A package that came without its sources has nothing to be compared with.
 *
 * @throws Error naming the first source that is newer than what was compiled from it, and the command that mends it
 */
export function checkBuilt(): void {
  const sources = join(LIB, 'src');
  // Not just any `src`: a bundler may have put this file beside somebody else's.
  if (!statSync(join(sources, 'built.ts'), { throwIfNoEntry: false })) return;
  const record = readRecord();
  if (!record) throw new Error(`convlab: ${join(LIB, 'dist')} is not built; run \`npm run build\``);
  for (const [name, before] of Object.entries(record.sources)) {
    const file = join(sources, name);
    if (hasChanged(file, before)) {
      throw new Error(`convlab: ${file} has changed since lib was built; run \`npm run build\``);
    }
  }
}
