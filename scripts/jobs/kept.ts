/**
 * Results of a list that has not ended yet. Whatever stops it, its next run finds here what was done already; a list that
 * has ended leaves nothing behind.
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readCache, writeCache } from '../cache.js';
import type { Finished } from './engine';

const DAYS = 30;

export class KeptResults {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#removeOld();
  }

  get(id: string): Finished | undefined {
    const text = readCache(join(this.#folder, id));
    return text === undefined ? undefined : (JSON.parse(text) as Finished);
  }

  put(id: string, finished: Finished): void {
    writeCache(join(this.#folder, id), JSON.stringify(finished));
  }

  remove(id: string): void {
    rmSync(join(this.#folder, id), { force: true });
  }

  /** Of lists that nobody came back to. */
  #removeOld(): void {
    try {
      for (const name of readdirSync(this.#folder)) {
        const file = join(this.#folder, name);
        if (Date.now() - statSync(file).mtimeMs > DAYS * 86_400_000) rmSync(file, { force: true });
      }
    } catch {
      // There is no such folder yet, or another run removes the same files.
    }
  }
}
