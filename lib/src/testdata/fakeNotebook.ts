/** A notebook's kernel as `notebook.ts` sees it, which keeps what it is sent. */
import { Module } from 'node:module';
import type { Bundle, Cell } from '../notebook';

export interface Sent {
  readonly data: Bundle;
  readonly id: string | undefined;
  readonly update: boolean;
}

/** Where tslab has the function that sends the outputs of the running cell. */
const TSLAB = '/somewhere/node_modules/tslab/dist/jupyter.js';
const CELL = Symbol.for('convlab.cell');

export class FakeNotebook {
  readonly sent: Sent[] = [];
  readonly notes: string[] = [];
  private endings: (() => void)[] | undefined;

  /** This process becomes a kernel. */
  open(): void {
    const tslab = new Module(TSLAB);
    tslab.exports = {
      lastWriteDisplayData: (
        { data, transient }: { data: Bundle; transient: { display_id?: string } },
        update: boolean,
      ) => this.sent.push({ data, id: transient.display_id, update }),
    };
    require.cache[TSLAB] = tslab;
  }

  /** A cell begins, as ConvLab's kernel tells it; a plain tslab tells nothing. */
  beginCell(): void {
    const endings: (() => void)[] = [];
    this.endings = endings;
    let ended = false;
    endings.push(() => (ended = true));
    const cell: Cell = {
      atEnd: (callback) => void (ended ? callback() : endings.push(callback)),
      tellNext: (note) => this.notes.push(note),
    };
    Object.assign(globalThis, { [CELL]: cell });
  }

  endCell(): void {
    for (const callback of this.endings ?? []) callback();
    this.endings = undefined;
  }

  close(): void {
    delete require.cache[TSLAB];
    Object.assign(globalThis, { [CELL]: undefined });
  }
}
