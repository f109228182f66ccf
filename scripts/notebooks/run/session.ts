/**
 * One notebook's conversation with its kernel: sends code, gathers what is published, and notices everything that can
 * end the conversation (a dead kernel, too much memory or output, a forged message).
 */
import { describeExit, type Kernel } from './kernel';
import { MemoryWatch } from './measure';
import { CellOutputs, contentSize, OutputCollector } from './outputs';
import type { Content, Message } from '../../kernel/wire';
import type { FailureKind } from '../result';
import { shownBytes } from '../bytes';

/** The kernel can no longer be used; `failure` says why. */
export class Ended extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly detail?: string,
  ) {
    super(message);
  }
}

export interface Limits {
  readonly timeoutSeconds: number;
  readonly memoryBytes: number;
  readonly outputBytes: number;
}

export interface Reply {
  readonly ok: boolean;
  readonly executionCount: number | null;
  readonly message: Message;
}

interface Measured {
  readonly tensors?: number;
  readonly peakMemoryBytes?: number;
  readonly pending?: number;
}

interface Request {
  readonly outputs: CellOutputs;
  readonly resolve: (reply: Message) => void;
  reply?: Message;
  idle: boolean;
  messages: number;
  lost?: NodeJS.Timeout;
}

/** How long a cell's output may pause on the one socket once its reply has arrived on the other. */
const IDLE_SECONDS = 5;
/** A separate limit on their number, since empty lines take hardly any bytes. */
const MOST_MESSAGES = 250_000;

export class Session {
  readonly #requests = new Map<string, Request>();
  readonly #collector: OutputCollector;
  readonly #memory: MemoryWatch;
  #end: Ended | undefined;
  #onEnd: ((reason: Ended) => void) | undefined;

  constructor(
    private readonly kernel: Kernel,
    private readonly limits: Limits,
  ) {
    this.#collector = new OutputCollector();
    this.#memory = new MemoryWatch(kernel.pid, limits.memoryBytes, (bytes) => {
      const limit = shownBytes(limits.memoryBytes);
      this.#finish('out of memory', `the kernel used ${shownBytes(bytes)}, the limit is ${limit}`);
    });
    kernel.connection.listen({
      onReply: (message) => this.#onReply(message),
      onPublished: (message) => this.#onPublished(message),
      onBroken: ({ message }) => this.#finish('protocol error', message),
    });
    this.#memory.start();
    void kernel.exited.then((exit) => {
      const words = kernel.lastWords.trim();
      const how = describeExit(exit);
      if (/heap out of memory|Reached heap limit|Allocation failed - JavaScript/.test(words))
        this.#finish('out of memory', `the kernel reached V8's heap limit (${how})`, words);
      else this.#finish('kernel died', `the kernel process ended: ${how}`, words);
    });
  }

  /** Why the kernel has ended or been killed; undefined while it can be used. */
  get end(): Ended | undefined {
    return this.#end;
  }

  get peakMemoryBytes(): number | undefined {
    return this.#memory.peakBytes;
  }

  /** Tensors left behind until the end of the last cell; undefined while TensorFlow.js is not loaded. */
  tensors: number | undefined;
  /** How much of what the cells have started is pending, such as timers; undefined if the kernel does not tell. */
  pending: number | undefined;
  /** Whether the kernel has begun with the last request. */
  begun = false;
  /**
   * Rejections and exceptions outside of any cell's own run; they appear in the outputs of the cell that caused them.
   */
  readonly late: { readonly message: Message; readonly outputs: CellOutputs }[] = [];

  /**
   * Runs `code`; resolves when both its reply and the end of its output have arrived.
   * @throws Ended, also if it takes longer than the limit
   */
  async run(code: string, outputs: CellOutputs, timeoutSeconds: number): Promise<Reply> {
    const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: false };
    const request = this.#request('execute_request', { ...content, user_expressions: {} }, outputs);
    const message = await this.within(timeoutSeconds, request);
    const { status, execution_count: count } = message.content;
    if (status === 'abort' || status === 'aborted')
      throw new Ended('aborted', 'the kernel refused to run the cell');
    if (status !== 'ok' && status !== 'error') {
      throw new Ended('protocol error', `the kernel replied with status ${JSON.stringify(status)}`);
    }
    const executionCount = typeof count === 'number' ? count : null;
    this.#note(message.metadata.convlab);
    return { ok: status === 'ok', executionCount, message };
  }

  /**
   * Asks the project's kernel to wait until nothing that the cells have started is pending, at most this long. When
   * this resolves, everything that it has published until then has arrived.
   * @throws Ended
   */
  async settle(seconds: number, timeoutSeconds: number): Promise<void> {
    const request = this.#request('settle_request', { seconds }, new CellOutputs());
    const { content } = await this.within(seconds + timeoutSeconds, request);
    this.#note(content);
  }

  /** The measurements that the project's kernel reports. */
  #note(told: unknown): void {
    const { tensors, peakMemoryBytes, pending } = (told ?? {}) as Measured;
    this.tensors = tensors;
    this.pending = pending;
    // The only source on a system without /proc.
    if (peakMemoryBytes !== undefined) this.#memory.note(peakMemoryBytes);
  }

  /** Waits for `work` as long as the kernel lives. After the time limit the kernel is killed. */
  async within<T>(seconds: number, work: Promise<T>): Promise<T> {
    if (this.#end) throw this.#end;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#onEnd = reject;
        timer = this.#expiry(seconds, () => {
          if (this.#onEnd === reject)
            this.#finish(
              'timeout',
              `the cell ${this.begun ? 'was still running' : 'had not begun'} after ${seconds} s`,
            );
        });
        work.then(resolve, reject);
      });
    } finally {
      clearTimeout(timer);
      this.#onEnd = undefined;
    }
  }

  /** Stops listening. The kernel itself belongs to the caller. */
  close(): void {
    this.#memory.stop();
    this.kernel.connection.listen(undefined);
  }

  #request(type: string, content: Content, outputs: CellOutputs): Promise<Message> {
    this.begun = false;
    const id = this.kernel.connection.send(type, content);
    return new Promise((resolve) => this.#requests.set(id, { outputs, resolve, idle: false, messages: 0 }));
  }

  #onReply(message: Message): void {
    const request = this.#requests.get(message.parent.msg_id ?? '');
    if (!request || !message.header.msg_type.endsWith('_reply')) return;
    request.reply = message;
    this.#check(request);
  }

  #onPublished(message: Message): void {
    const request = this.#requests.get(message.parent.msg_id ?? '');
    if (!request) return;
    if (request.reply) this.#awaitIdle(request);
    if (message.header.msg_type === 'status') {
      if (message.content.execution_state === 'busy') this.begun = true;
      if (message.content.execution_state === 'idle') {
        request.idle = true;
        this.#check(request);
      }
      return;
    }
    const { late } = (message.metadata.convlab ?? {}) as { late?: unknown };
    if (late !== undefined) {
      this.late.push({ message, outputs: request.outputs });
      request.outputs.bytes += contentSize(message.content);
    } else this.#collector.take(message, request.outputs);
    const { outputBytes } = this.limits;
    if (++request.messages > MOST_MESSAGES)
      this.#finish('output flood', `the cell put out more than ${MOST_MESSAGES} messages`);
    else if (request.outputs.bytes > outputBytes)
      this.#finish('output flood', `the cell put out more than the limit of ${shownBytes(outputBytes)}`);
  }

  /** A request is over when its reply has arrived and, on the other socket, the end of its output. */
  #check(request: Request): void {
    const { reply, idle, resolve } = request;
    if (!reply) return;
    if (idle) resolve(reply);
    else this.#awaitIdle(request);
  }

  /** Once the reply has arrived, the rest of the output must follow without a long pause. */
  #awaitIdle(request: Request): void {
    clearTimeout(request.lost);
    const lost = this.#expiry(IDLE_SECONDS, () => {
      if (!request.idle && request.lost === lost)
        this.#finish('protocol error', 'the kernel never reported the end of the cell: output is lost');
    });
    request.lost = lost.unref();
  }

  /** A timer. What is waited for may have arrived while this process was too busy to look at it. */
  #expiry(seconds: number, expired: () => void): NodeJS.Timeout {
    return setTimeout(() => void this.kernel.connection.drained().then(expired), seconds * 1000);
  }

  #finish(kind: FailureKind, message: string, detail?: string): void {
    if (this.#end) return;
    this.#end = new Ended(kind, message, detail);
    this.#memory.stop();
    this.kernel.killNow();
    // What has arrived belongs to the cell; of a flood, enough has been seen.
    const seen = kind === 'output flood' ? Promise.resolve() : this.kernel.connection.drained();
    const [end, onEnd] = [this.#end, this.#onEnd];
    void seen.then(() => onEnd?.(end));
  }
}
