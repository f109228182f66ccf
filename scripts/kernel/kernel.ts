/** Answers Jupyter's requests: cells one after the other; everything else at once, even while a cell awaits. */
import type { Editor } from './editor';
import { raisedFailure, type KernelFailure } from './failure';
import { History } from './history';
import type { CellRunner, Outcome, Owner } from './run';
import type { RunningCell } from './running';
import type { Request, Server } from './server';
import { shownValue } from './show';
import { Streams } from './streams';
import { measure, settled } from './use';
import { textOf, type Content, type Header } from './wire';

export interface KernelOptions {
  readonly server: Server;
  readonly runner: CellRunner;
  readonly editor: Editor;
  /** The content of `kernel_info_reply`. */
  readonly info: Content;
  /** Ends the kernel, when a client asks for it. */
  readonly onShutdown: () => void;
}

type Handler = (request: Request) => Promise<Content> | Content | undefined;

export class Kernel {
  readonly #server: Server;
  readonly #runner: CellRunner;
  readonly #history = new History();
  readonly #streams: Streams;
  readonly #queue: Request[] = [];
  #isRunning = false;
  #count = 0;
  /** The cell that was started last: output that cannot be attributed to another cell counts as its own. */
  #last: Owner | undefined;

  constructor(private readonly options: KernelOptions) {
    this.#server = options.server;
    this.#runner = options.runner;
    this.#streams = new Streams(
      () => this.#owner,
      (name, text, { request }) => this.#server.publish('stream', { name, text }, request),
    );
  }

  start(): void {
    this.#streams.capture();
    this.#server.listen(
      (request) => this.#take(request),
      () => undefined,
    );
  }

  /** Shows what a cell passes to tslab's `display`. */
  readonly display = (message: Content, update: boolean | undefined): void => {
    this.publish(update ? 'update_display_data' : 'display_data', message);
  };

  /** Publishes on behalf of the running cell. */
  publish(type: string, content: Content): void {
    const owner = this.#owner;
    this.#streams.flush();
    if (owner && !owner.silent) this.#server.publish(type, content, owner.request);
  }

  /** Reports an exception or rejection that nothing has caught, with the cell whose code it came from. */
  late(kind: 'rejection' | 'exception', error: unknown): void {
    const owner = this.#owner;
    if (!owner) return;
    const { cell } = owner.script;
    const starter = cell === undefined ? 'a cell' : `cell ${cell}`;
    const note =
      kind === 'rejection'
        ? `A promise that ${starter} started was rejected, and nothing awaits it.`
        : `Thrown later, by code that ${starter} started.`;
    const failure = raisedFailure(error, owner.script, note);
    this.#streams.flush();
    this.#server.publish('error', content(failure), owner.request, {
      convlab: { ...failure.place, late: kind },
    });
  }

  /** The cell to which the calling code belongs, for libraries. */
  get running(): RunningCell | undefined {
    return this.#owner?.running;
  }

  /** The front end's stop button. */
  interrupt(): void {
    this.#runner.interrupt();
  }

  get #owner(): Owner | undefined {
    return this.#runner.owner ?? this.#last;
  }

  readonly #handlers: Readonly<Record<string, Handler>> = {
    kernel_info_request: () => this.options.info,
    is_complete_request: ({ content }) => this.options.editor.isComplete(content),
    complete_request: ({ content }) => this.options.editor.complete(content),
    inspect_request: ({ content }) => this.options.editor.inspect(content),
    history_request: ({ content }) => ({ status: 'ok', history: this.#history.find(content) }),
    comm_info_request: () => ({ status: 'ok', comms: {} }),
    // This kernel has no widgets: a channel that a client opens to one is closed at once.
    comm_open: ({ content, header }) => {
      this.#server.publish('comm_close', { comm_id: content.comm_id, data: {} }, header);
      return undefined;
    },
    interrupt_request: () => {
      this.interrupt();
      return { status: 'ok' };
    },
    shutdown_request: ({ content }) => {
      // After the reply and `idle`.
      setImmediate(this.options.onShutdown);
      return { status: 'ok', restart: content.restart === true };
    },
    // For this project's own runner: waits until nothing that the cells have started is still pending.
    settle_request: async ({ content }) => {
      await settled(Number(content.seconds));
      return { status: 'ok', ...measure(this.#runner.variables) };
    },
  };

  #take(request: Request): void {
    if (request.header.msg_type !== 'execute_request') {
      void this.#answer(request);
      return;
    }
    this.#queue.push(request);
    if (!this.#isRunning) void this.#runQueue();
  }

  async #answer(request: Request): Promise<void> {
    const { header } = request;
    this.#status('busy', header);
    try {
      const reply = await this.#handlers[header.msg_type]?.(request);
      if (reply) this.#server.reply(request, reply);
    } catch (error) {
      // The editor can do without an answer.
      const { ename, evalue, traceback } = raisedFailure(error, { source: '', map: '' });
      this.#server.reply(request, { status: 'error', ename, evalue, traceback });
    } finally {
      this.#status('idle', header);
    }
  }

  #status(state: 'busy' | 'idle', parent: Header): void {
    this.#server.publish('status', { execution_state: state }, parent);
  }

  async #runQueue(): Promise<void> {
    this.#isRunning = true;
    for (let request = this.#queue.shift(); request; request = this.#queue.shift()) {
      this.#status('busy', request.header);
      const failed = await this.#execute(request);
      // Every request sent before the reply is aborted, and none that is sent after it.
      const abortsOthers = failed && request.content.stop_on_error !== false;
      if (abortsOthers) await this.#server.drained();
      const waiting = abortsOthers ? this.#queue.splice(0) : [];
      failed?.();
      this.#status('idle', request.header);
      for (const aborted of waiting) this.#abort(aborted);
    }
    this.#isRunning = false;
  }

  #abort(request: Request): void {
    this.#status('busy', request.header);
    this.#server.reply(request, { status: 'aborted' });
    this.#status('idle', request.header);
  }

  /** Runs a cell and replies. If it failed, the reply is returned for the caller to send. */
  async #execute(request: Request): Promise<(() => void) | undefined> {
    const { header } = request;
    const source = textOf(request.content.code);
    const silent = request.content.silent === true;
    const stored = !silent && request.content.store_history !== false;
    if (stored) this.#count++;
    const execution_count = this.#count;
    if (!silent) {
      this.#server.publish('execute_input', { code: source, execution_count }, header);
      const notes = this.#runner.notes.splice(0);
      if (notes.length > 0) this.#server.publish('stream', { name: 'stdout', text: notes.join('') }, header);
    }
    const outcome = await this.#runner
      .run(source, header, silent ? undefined : execution_count, silent, (owner) => (this.#last = owner))
      // A bug of the kernel itself must not stop its queue.
      .catch((error: unknown) => ({ failure: raisedFailure(error, { source, map: '' }) }));
    const { failure, data } = await shownOutcome(outcome, source);
    // Rejections that are due by now are reported before the end of the cell.
    await new Promise((resolve) => setImmediate(resolve));
    this.#streams.flush();
    if (data && !silent) {
      this.#server.publish('execute_result', { execution_count, data, metadata: {} }, header);
    }
    if (stored) this.#history.add(execution_count, source, data?.['text/plain']);
    if (failure) {
      if (!silent) this.#server.publish('error', content(failure), header, { convlab: failure.place });
      const reply = {
        status: 'error',
        execution_count,
        ...content(failure),
        user_expressions: {},
        payload: [],
      };
      return () =>
        this.#server.reply(request, reply, {
          convlab: { ...failure.place, ...measure(this.#runner.variables) },
        });
    }
    const user_expressions = await this.#evaluate(request);
    const reply = { status: 'ok', execution_count, user_expressions, payload: [] };
    this.#server.reply(request, reply, { convlab: measure(this.#runner.variables) });
    return undefined;
  }

  async #evaluate({ content: { user_expressions }, header }: Request): Promise<Content> {
    const asked = typeof user_expressions === 'object' && user_expressions !== null ? user_expressions : {};
    const values: Record<string, Content> = {};
    for (const [name, source] of Object.entries(asked)) {
      const outcome = await this.#runner.run(String(source), header, undefined, true);
      const { failure, data = {} } = await shownOutcome(outcome, String(source));
      values[name] = failure
        ? { status: 'error', ...content(failure) }
        : { status: 'ok', data, metadata: {} };
    }
    return values;
  }
}

/** A value that cannot show itself fails its cell: as text it would be taken, and stored, for what it should look like. */
async function shownOutcome(
  outcome: Outcome,
  source: string,
): Promise<{ readonly failure?: KernelFailure; readonly data?: Content }> {
  if (outcome.failure) return outcome;
  try {
    return { data: await shownValue(outcome.value) };
  } catch (error) {
    const note = 'This was thrown when the value of the cell was to be shown.';
    return { failure: raisedFailure(error, { source, map: '' }, note) };
  }
}

function content({ ename, evalue, traceback }: KernelFailure): Content {
  return { ename, evalue, traceback };
}
