/**
 * Writes a file completely or not at all: first under a temporary name, which identifies the writing process, then
 * renames it.
 *
 * No library is as careful: write-file-atomic (6 to 8) ignores how many bytes were written, so that a full disk leaves
 * a truncated file under the real name, and its temporary names cannot be distinguished from a person's copies.
 */
import {
  chmodSync,
  chownSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** `.01-convolution.ipynb.4711.tmp`: the file, and the process that writes it. */
const TEMPORARY = /^\..+\.(\d+)\.tmp$/;

/**
 * A crash, a full disk or Ctrl-C at any moment leaves the old file or the new one. A symbolic link stays one;
 * permissions and owner stay as they were.
 * @throws the system's error; the file is then as it was
 */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const old = statSync(file, { throwIfNoEntry: false });
  const target = old ? realpathSync(file) : file;
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, content, { flush: true });
    if (old) takeOver(old, temporary);
    renameSync(temporary, target);
  } catch (error) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // The first error is the one to report.
    }
    throw error;
  }
}

function takeOver({ mode, uid, gid }: Stats, file: string): void {
  const { uid: ownUid, gid: ownGid } = statSync(file);
  try {
    if (uid !== ownUid || gid !== ownGid) chownSync(file, uid, gid);
  } catch {
    // Only root may change the owner: otherwise the file belongs to the user who runs this.
  }
  chmodSync(file, mode);
}

/** Removes the temporary files that processes killed during {@link replaceFile} have left in a folder. */
export function removeLeftOvers(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const writer = TEMPORARY.exec(name)?.[1];
      if (writer !== undefined && !isRunning(Number(writer))) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // The folder cannot be read or changed, which is reported when it is needed.
  }
}

/** Whether there is a process of this number. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
