/** What a grade depends on besides the submission: grading again is needed only when something of this has changed. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '..', '..', '..');
/** The code that grades, and the library that it compares with and hands to students' code. */
const GRADERS = [
  'scripts/homework/assignment',
  'scripts/homework/grade',
  'scripts/homework/network',
  'scripts/homework/sandbox',
  'lib/dist',
];

/** A hash of the grader's own code, so that nobody has to remember to raise a version number. */
export function graderVersion(): string {
  const hash = createHash('sha256');
  for (const folder of GRADERS) addFolder(hash, join(root, folder));
  return hash.digest('hex');
}

function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) addFolder(hash, path);
    else if (/(?<!\.test|\.d)\.[jt]s$/.test(entry.name)) {
      hash
        .update(`${relative(root, path)}\0`)
        .update(readFileSync(path))
        .update('\0');
    }
  }
}

/** SHA-256 of a file of any size. */
export async function fileHash(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  return hash.digest('hex');
}

/** One hash of several values. */
export function hashOf(...values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}
