/**
 * The notebook that this process runs the cells of, if any: its outputs, rewritten in place, and the cell that runs.
 */

/** An output as Jupyter takes it: a value for each MIME type, of which a front end draws the one that it likes best. */
export type Bundle = Readonly<Record<string, unknown>>;

/** tslab's function that sends outputs; null until the first cell runs. */
type WriteDisplayData = (
  message: { data: Bundle; metadata: object; transient: { display_id?: string } },
  update: boolean,
) => void;

/** The running cell, as ConvLab's kernel describes it; a plain tslab does not. */
export interface Cell {
  /** Calls back when the cell's code has ended; at once if it has. */
  atEnd(callback: () => void): void;
  /** What the next cell that runs says first. */
  tellNext(note: string): void;
}

const CELL = Symbol.for('convlab.cell');

/** The cell to which the calling code belongs; undefined where there is none, or where it is not known. */
export function runningCell(): Cell | undefined {
  return (globalThis as { [CELL]?: Cell })[CELL];
}

/** The same object as long as one cell runs (a plain tslab has a sender for each); undefined outside a notebook. */
export function cellKey(): object | undefined {
  return runningCell() ?? sender();
}

export function isNotebook(): boolean {
  return sender() !== undefined;
}

/** Shows an output below the running cell; false outside a notebook. */
export function showBundle(bundle: Bundle): boolean {
  const send = sender();
  send?.({ data: bundle, metadata: {}, transient: {} }, false);
  return send !== undefined;
}

/** An output at two moments: while it changes, and once it stays as it is. */
export interface View {
  readonly live: () => Bundle;
  readonly final: () => Bundle;
}

/** So a live output is rewritten four times a second, and with its last state at most five. */
const LIVE_INTERVAL_MS = 250;
/** On a busy machine less often: drawing takes a tenth of the time that the cell's own work needs. */
const LEAST_REST = 9;

let outputs = 0;

/**
 * An output that is rewritten in place while a cell runs.
 *
 * JupyterLab's Plotly extension draws a figure once and ignores what replaces it. If the bundle before had no Plotly
 * figure, JupyterLab makes a new drawing. So what is shown while the output changes must not have one (`live`); the
 * figure comes when the cell has ended (`final`).
 */
export class LiveOutput {
  private readonly id = `convlab-${process.pid}-${++outputs}`;
  /** When the next state may be sent. */
  private due = -Infinity;
  private sent: 'nothing' | 'live' | 'final' = 'nothing';
  private last: View | undefined;
  private readonly awaited = new WeakSet<Cell>();

  /** @param clock in milliseconds */
  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** Shows the view as it is now, or, if the last one was just sent, nothing: a newer one will follow. */
  offer(view: View): void {
    this.last = view;
    if (this.clock() >= this.due) this.send('live');
  }

  /** Shows the view's last state: at the end of the cell, in case it is followed by another, or else at once. */
  settle(view: View): void {
    this.offer(view);
    const cell = runningCell();
    if (!cell) this.finish();
    else if (!this.awaited.has(cell)) {
      this.awaited.add(cell);
      cell.atEnd(() => {
        this.awaited.delete(cell);
        this.finish();
      });
    }
  }

  /** Takes it away, as far as Jupyter can: an output cannot be deleted, and one with nothing in it is not seen. */
  vanish(): void {
    if (this.sent === 'nothing') return;
    this.last = { live: () => ({}), final: () => ({}) };
    this.send('live');
    this.due = -Infinity;
  }

  private finish(): void {
    if (this.sent === 'final') this.send('live');
    this.send('final');
  }

  private send(state: 'live' | 'final'): void {
    if (!this.last) return;
    const start = this.clock();
    const bundle = this.last[state]();
    sender()?.({ data: bundle, metadata: {}, transient: { display_id: this.id } }, this.sent !== 'nothing');
    this.sent = state;
    const cost = this.clock() - start;
    this.due = start + cost + Math.max(LIVE_INTERVAL_MS, LEAST_REST * cost);
  }
}

/** A line that says how far a long job is. */
export interface ProgressLine {
  readonly show: (text: string) => void;
  /** The job is over: nothing is left to be seen. */
  readonly end: () => void;
}

/** What takes less is over before anybody has read a line. */
const LONG_MS = 1000;
const lines = new WeakMap<object, LiveOutput>();

/** Below the running cell, once the job has lasted a second; the cell's jobs share a line. */
export function progressLine(job: string, clock: () => number = () => performance.now()): ProgressLine {
  const start = clock();
  const cell = cellKey();
  const output = (cell && lines.get(cell)) ?? new LiveOutput(clock);
  if (cell) lines.set(cell, output);
  return {
    show(text) {
      if (clock() - start < LONG_MS) return;
      const bundle = (): Bundle => ({ 'text/plain': `${job}: ${text}` });
      output.offer({ live: bundle, final: bundle });
    },
    end: () => output.vanish(),
  };
}

/**
 * tslab's sender, when this process is a kernel. It is looked up among the loaded modules and not required, which
 * would load TypeScript and ZeroMQ for nothing outside a kernel.
 */
function sender(): WriteDisplayData | undefined {
  for (const [path, module] of Object.entries(require.cache)) {
    if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path)) continue;
    const send = (module?.exports as { lastWriteDisplayData?: WriteDisplayData | null }).lastWriteDisplayData;
    if (send) return send;
  }
  return denoSender();
}

/** Deno's kernel, the notebooks' second home. In Deno without a kernel even to ask for `Deno.jupyter` is an error. */
function denoSender(): WriteDisplayData | undefined {
  const { Deno } = globalThis as {
    Deno?: { jupyter: { broadcast(type: string, content: object): Promise<void> } };
  };
  try {
    const jupyter = Deno?.jupyter;
    return (
      jupyter &&
      ((message, update) => void jupyter.broadcast(update ? 'update_display_data' : 'display_data', message))
    );
  } catch {
    return undefined;
  }
}
