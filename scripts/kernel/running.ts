/**
 * What a library may know of the running cell: `globalThis[Symbol.for('convlab.cell')]`. So an output can be rewritten
 * while the cell runs and get its last state when it has ended.
 */
export class RunningCell {
  #endings: (() => void)[] | undefined = [];

  /** @param tellNext takes what the next cell shall say first */
  constructor(readonly tellNext: (note: string) => void) {}

  /** Calls back when the cell's code has ended, before its reply; at once if it has. */
  atEnd(callback: () => void): void {
    if (this.#endings) this.#endings.push(callback);
    else callback();
  }

  end(): void {
    const endings = this.#endings ?? [];
    this.#endings = undefined;
    for (const callback of endings) {
      try {
        callback();
      } catch (error) {
        // It must not take the cell's reply with it; the kernel reports it as thrown later.
        setImmediate(() => {
          throw error;
        });
      }
    }
  }
}
