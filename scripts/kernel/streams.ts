/**
 * Attributes the process's standard output and error to cells. Thousands of lines printed at once are gathered into
 * fewer messages: one message each would keep a front end busy for minutes.
 */
import { StringDecoder } from 'node:string_decoder';
import type { Owner } from './run';

type Name = 'stdout' | 'stderr';

/** This many writes in one turn of the event loop are sent at once: a loop that follows them may never end. */
const SENT_AT_ONCE = 100;
/** Gathered text waits no longer than this, so that a long loop can be followed. */
const LONGEST_WAIT_MS = 50;
/** As much text as a front end handles in one message without a noticeable pause. */
const LARGEST_MESSAGE = 64 * 1024;

export class Streams {
  #owner: Owner | undefined;
  #name: Name = 'stdout';
  #chunks: string[] = [];
  #size = 0;
  #sent = 0;
  #writesInTurn = 0;

  /** @param ownerNow the cell to which code that prints now belongs; undefined if it cannot be determined */
  constructor(
    private readonly ownerNow: () => Owner | undefined,
    private readonly publish: (name: Name, text: string, owner: Owner) => void,
  ) {}

  /** From now on, everything that the process prints goes through here. */
  capture(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const decoder = new StringDecoder('utf8');
      const write = (
        chunk: string | Uint8Array,
        encoding?: BufferEncoding | ((error?: Error) => void),
        callback?: (error?: Error) => void,
      ): boolean => {
        const done = typeof encoding === 'function' ? encoding : callback;
        const isText =
          typeof encoding === 'string' && typeof chunk === 'string' && !/^utf-?8$/i.test(encoding);
        const bytes = isText ? Buffer.from(chunk, encoding) : chunk;
        this.#write(name, typeof bytes === 'string' ? bytes : decoder.write(Buffer.from(bytes)));
        if (done) process.nextTick(done);
        return true;
      };
      process[name].write = write;
    }
  }

  /** Sends the gathered text. */
  flush(): void {
    if (this.#owner && this.#size > 0) {
      const text = this.#chunks.join('');
      this.#chunks = [];
      this.#size = 0;
      this.#sent = performance.now();
      this.publish(this.#name, text, this.#owner);
    }
  }

  #write(name: Name, text: string): void {
    const owner = this.ownerNow();
    if (!owner || owner.silent || text === '') return;
    if (owner !== this.#owner || name !== this.#name) {
      this.flush();
      [this.#owner, this.#name] = [owner, name];
    }
    this.#chunks.push(text);
    this.#size += text.length;
    if (this.#writesInTurn++ === 0) {
      setImmediate(() => {
        this.#writesInTurn = 0;
        this.flush();
      });
    }
    const isLate = performance.now() - this.#sent > LONGEST_WAIT_MS;
    if (this.#writesInTurn <= SENT_AT_ONCE || this.#size > LARGEST_MESSAGE || isLate) this.flush();
  }
}
