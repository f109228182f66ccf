/** The files that jobs bring along, on a worker's disk: under their hash, for its own user only. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  renameSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { SentFile } from './envelope';
import { receiveContent } from './parcel';

const FOLDER = join(__dirname, '..', '..', '..', 'node_modules', '.cache', 'convlab', 'jobs', 'files');
const DAYS = 7;

/** Where the file is, which is fetched if it is not there yet. @throws ContentLost; Error for a name that is a path */
export async function received(redis: Redis, { name, hash }: SentFile): Promise<string> {
  if (!/^[^\\/:\0]+$/.test(name) || /^\.+$/.test(name) || !/^[0-9a-f]{64}$/.test(hash)) {
    throw new Error(`'${name}' is no name of a file that travels with a job`);
  }
  const folder = join(FOLDER, hash);
  const file = join(folder, name);
  if (existsSync(file)) {
    utimesSync(folder, new Date(), new Date());
    return file;
  }
  const content = await receiveContent(redis, hash);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, file);
  return file;
}

/** Removes what no job has asked for in a week. */
export function removeOldFiles(): void {
  if (!existsSync(FOLDER)) return;
  for (const name of readdirSync(FOLDER)) {
    const folder = join(FOLDER, name);
    if (Date.now() - statSync(folder).mtimeMs > DAYS * 86_400_000)
      rmSync(folder, { recursive: true, force: true });
  }
}
