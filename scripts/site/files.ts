/** What a page needs beside its HTML: pictures, data of figures, scripts. Collected while pages are made, then written. */
import { createHash } from 'node:crypto';

export class Files {
  readonly #contents = new Map<string, string>();

  /** @param path in the site, with forward slashes @throws Error when another page has put something else there */
  add(path: string, content: string): string {
    const known = this.#contents.get(path);
    if (known !== undefined && known !== content) throw new Error(`two files of the site are called ${path}`);
    this.#contents.set(path, content);
    return path;
  }

  /** A file named after its content, so that the same content is one file. @param extension `.js` */
  addNamed(folder: string, content: string, extension: string): string {
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
    return this.add(`${folder}/${hash}${extension}`, content);
  }

  entries(): IterableIterator<[path: string, content: string]> {
    return this.#contents.entries();
  }
}
