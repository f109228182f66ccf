/** Memory of a kernel process, sampled from outside: a cell in an endless loop answers no question. */
import { readFileSync } from 'node:fs';

const EVERY_MS = 50;

export interface Memory {
  readonly residentBytes: number;
  readonly peakBytes: number;
}

/** Resident memory now and at its peak, from Linux' /proc; undefined where there is none or the process is gone. */
export function readMemory(pid: number): Memory | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
    const memory = { residentBytes: kilobytes('VmRSS') * 1024, peakBytes: kilobytes('VmHWM') * 1024 };
    return Number.isFinite(memory.peakBytes) ? memory : undefined;
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

  #sample(): boolean {
    const memory = this.pid === undefined ? undefined : readMemory(this.pid);
    if (memory) this.note(memory.peakBytes);
    return memory !== undefined;
  }
}
