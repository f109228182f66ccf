/** Memory of a kernel process, sampled from outside: a kernel in an endless loop answers no questions. */
import { readFileSync } from 'node:fs';

const EVERY_MS = 50;

/** The largest number of bytes ever resident, from Linux' /proc; undefined without /proc or if the process is gone. */
function readPeak(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Watches a process; calls `onOver` when its resident memory passes the limit, even between two samples. */
export class MemoryWatch {
  #peak: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pid: number | undefined,
    private readonly limitBytes: number,
    private readonly onOver: (bytes: number) => void,
  ) {}

  start(): void {
    this.#timer = setInterval(() => this.#sample(), EVERY_MS).unref();
    this.#sample();
  }

  get peakBytes(): number | undefined {
    this.#sample();
    return this.#peak;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A peak measured elsewhere. */
  note(bytes: number): void {
    this.#peak = Math.max(this.#peak ?? 0, bytes);
    if (bytes <= this.limitBytes) return;
    this.stop();
    this.onOver(bytes);
  }

  #sample(): void {
    const peak = this.pid === undefined ? undefined : readPeak(this.pid);
    if (peak !== undefined) this.note(peak);
  }
}
