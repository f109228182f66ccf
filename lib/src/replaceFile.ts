import { rename, rm, writeFile } from 'node:fs/promises';

/**
 * Writes a file so that at every moment it is the old one or the new one, never half of one. (write-file-atomic ignores
 * how many bytes a write took, and on a disk that fills up stores a cut file.)
 */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, file);
  } catch (error) {
    // The first error is the one to know of.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
