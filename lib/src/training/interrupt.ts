/** A notebook's reader stops a cell: the kernel says so by a signal, which a training obeys without being handed it. */
const INTERRUPT = Symbol.for('convlab.interrupt');

/** Aborted when the cell that runs now is stopped; undefined outside of a notebook. */
export function interruption(): AbortSignal | undefined {
  const signal = (globalThis as Record<symbol, unknown>)[INTERRUPT];
  return signal instanceof AbortSignal ? signal : undefined;
}
