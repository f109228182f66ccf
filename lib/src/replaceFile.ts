import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a file so that at every moment it is the old one or the new one, never half of one. (write-file-atomic ignores
 * how many bytes a write took, and on a disk that fills up stores a cut file.)
 */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  // Another call may be writing the same file, in this thread or in another process.
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, file);
  } catch (error) {
    // The first error is the one to know of.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
