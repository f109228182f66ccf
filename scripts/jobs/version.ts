/** Which version of the project this clone is: a worker does the work of its own version only. */
import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

export interface Version {
  /** Of all code in lib and scripts. */
  readonly code: string;
  readonly lockfile: string;
}

let known: Version | undefined;

/** As it was when this process first asked. */
export function projectVersion(): Version {
  known ??= readVersion();
  return known;
}

/** As the files are now. */
export function readVersion(): Version {
  return {
    code: hashed((hash) => ['lib/src', 'scripts'].forEach((folder) => addFolder(hash, folder))),
    lockfile: hashed((hash) => addFile(hash, 'package-lock.json')),
  };
}

/** What of a clone differs, for a sentence on it; undefined when nothing does. */
export function difference(theirs: Version, ours: Version): string | undefined {
  const parts = [
    ...(theirs.code === ours.code ? [] : [`lib and scripts (${theirs.code}, here ${ours.code})`]),
    ...(theirs.lockfile === ours.lockfile
      ? []
      : [`package-lock.json (${theirs.lockfile}, here ${ours.lockfile})`]),
  ];
  return parts.length === 0 ? undefined : parts.join(' and ');
}

function hashed(add: (hash: Hash) => void): string {
  const hash = createHash('sha256');
  add(hash);
  return hash.digest('hex').slice(0, 12);
}

function addFolder(hash: Hash, folder: string): void {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`;
    // Compiled from the rest.
    if (path === 'scripts/kernel/dist') continue;
    if (entry.isDirectory()) addFolder(hash, path);
    else if (/(?<!\.test|\.d)\.[jt]s$/.test(entry.name)) addFile(hash, path);
  }
}

function addFile(hash: Hash, path: string): void {
  // A clone on Windows may have other ends of lines.
  const text = readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');
  hash.update(`${path}\0${text}\0`);
}
