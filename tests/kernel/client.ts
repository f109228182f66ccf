/**
 * A Jupyter client for tests: starts a kernel from a kernelspec, as JupyterLab would, talks to all five of its sockets
 * and keeps every message as it arrived.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer, Request, Subscriber } from 'zeromq';
import { header, pack, unpack, type ConnectionInfo } from '../../scripts/kernel/wire';
import { freePorts, listening } from '../../scripts/notebooks/run/ports';
import { kernelspec, type Kernelspec } from './kernelspec';

export type Content = Readonly<Record<string, unknown>>;

/** A message with all of its parts. */
export interface Received {
  readonly channel: 'shell' | 'control' | 'iopub';
  readonly type: string;
  /** `msg_id` of the request that it answers or belongs to; '' if there is none. */
  readonly parent: string;
  readonly header: Content;
  readonly parentHeader: Content;
  readonly metadata: Content;
  readonly content: Content;
}

/** The frames of a request, and its id. */
export function encode(key: string, session: string, type: string, content: object) {
  const head = header(type, session, 'convlab');
  const message = { identities: [], header: head, parent: {}, metadata: {}, content: content as Content };
  return { id: head.msg_id, frames: pack(key, message) };
}

/** The result of a request: its reply and, in order, everything published for it up to the reply and `idle`. */
export interface Answered {
  readonly id: string;
  readonly reply: Received;
  readonly published: readonly Received[];
}

/** A pending request. */
export interface Asked {
  readonly id: string;
  readonly reply: Promise<Received>;
  /** Whether the reply and `idle` have both arrived. */
  readonly answered: Promise<Answered>;
}

const alive = new Set<TestKernel>();
process.on('exit', () => {
  for (const kernel of alive) kernel.kill();
});

/** Generous, since the machine may be busy; normally a kernel answers within milliseconds. */
const LIMIT_MS = 60_000;

export interface StartOptions {
  /** The notebook's folder; default the repository's `notebooks/`. */
  readonly folder?: string;
  /** Connects and sends at once, not waiting until the kernel answers. */
  readonly atOnce?: boolean;
  readonly spec?: Kernelspec;
  readonly environment?: NodeJS.ProcessEnv;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class TestKernel {
  /** Every message of the kernel, in order of arrival. */
  readonly log: Received[] = [];
  /** The process's own standard output and error, which a reader never sees. */
  words = '';
  readonly #exited: Promise<Exit>;
  readonly #session = randomUUID();
  readonly #shell = new Dealer({ linger: 0, reconnectInterval: 10 });
  readonly #control = new Dealer({ linger: 0, reconnectInterval: 10 });
  readonly #iopub = new Subscriber({ linger: 0, reconnectInterval: 10, receiveHighWaterMark: 0 });
  readonly #waiting = new Set<() => void>();
  #closed = false;

  private constructor(
    readonly spec: Kernelspec,
    readonly info: ConnectionInfo,
    private readonly process: ChildProcess,
    private readonly place: string,
  ) {
    this.#exited = new Promise((resolve) =>
      process.once('exit', (code, signal) => resolve({ code, signal })),
    );
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.words += text));
    }
    for (const [channel, socket] of [
      ['shell', this.#shell],
      ['control', this.#control],
      ['iopub', this.#iopub],
    ] as const) {
      socket.connect(address(info, channel));
      void this.#receive(channel, socket);
    }
    this.#iopub.subscribe();
    alive.add(this);
  }

  static async start(options: StartOptions = {}): Promise<TestKernel> {
    const spec = options.spec ?? kernelspec();
    const place = mkdtempSync(join(tmpdir(), 'convlab-conformance-'));
    const [shell_port, iopub_port, control_port, stdin_port, hb_port] = await freePorts(5);
    const info: ConnectionInfo = {
      transport: 'tcp',
      ip: '127.0.0.1',
      shell_port,
      iopub_port,
      control_port,
      stdin_port,
      hb_port,
      key: randomBytes(32).toString('hex'),
      signature_scheme: 'hmac-sha256',
    };
    const file = join(place, 'connection.json');
    writeFileSync(file, JSON.stringify(info));
    const [command, ...args] = spec.argv.map((word) => word.replaceAll('{connection_file}', file));
    const child = spawn(command, args, {
      cwd: options.folder ?? join(__dirname, '..', '..', 'notebooks'),
      env: { ...process.env, ...spec.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own: Jupyter interrupts and kills the group.
      detached: true,
    });
    const kernel = new TestKernel(spec, info, child, place);
    if (!options.atOnce) await kernel.#ready();
    return kernel;
  }

  /** Sends a request, by default on the shell channel. */
  send(type: string, content: object = {}, channel: 'shell' | 'control' = 'shell'): Asked {
    const { id, frames } = encode(this.info.key, this.#session, type, content);
    this.sendFrames(frames, channel);
    const reply = this.#wait(`a reply to ${type}`, () =>
      this.log.find((message) => message.parent === id && message.channel === channel),
    );
    const idle = this.#wait(`idle after ${type}`, () => this.published(id).find(isIdle));
    // A test that does not wait for the answer has deliberately sent a request that gets none.
    reply.catch(() => undefined);
    idle.catch(() => undefined);
    const answered = Promise.all([reply, idle]).then(([message]) => ({
      id,
      reply: message,
      published: this.published(id),
    }));
    answered.catch(() => undefined);
    return { id, reply, answered };
  }

  sendFrames(frames: (Buffer | string)[], channel: 'shell' | 'control' = 'shell'): void {
    void (channel === 'shell' ? this.#shell : this.#control).send(frames);
  }

  ask(type: string, content: object = {}, channel?: 'shell' | 'control'): Promise<Answered> {
    return this.send(type, content, channel).answered;
  }

  /** Sends a cell. */
  begin(code: string, options: object = {}): Asked {
    return this.send('execute_request', {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
      ...options,
    });
  }

  run(code: string, options: object = {}): Promise<Answered> {
    return this.begin(code, options).answered;
  }

  /** Everything published so far for this request. */
  published(id: string): Received[] {
    return this.log.filter((message) => message.channel === 'iopub' && message.parent === id);
  }

  /** Waits until a cell's output contains this text. */
  async printed(asked: { readonly id: string }, text: string): Promise<void> {
    await this.#wait(`the output ${JSON.stringify(text)}`, () =>
      streamText(this.published(asked.id)).includes(text) ? true : undefined,
    );
  }

  /** Waits for a matching message. */
  message(what: string, fits: (message: Received) => boolean): Promise<Received> {
    return this.#wait(what, () => this.log.find(fits));
  }

  /** Interrupts as JupyterLab's stop button does. */
  interrupt(): void {
    if (this.spec.interrupt_mode === 'message') this.send('interrupt_request', {}, 'control');
    else if (this.process.pid !== undefined) process.kill(-this.process.pid, 'SIGINT');
  }

  /** Sends these bytes to the heartbeat and returns what comes back. */
  async heartbeat(bytes: string): Promise<string> {
    const socket = new Request({ linger: 0, receiveTimeout: LIMIT_MS });
    socket.connect(address(this.info, 'hb'));
    try {
      await socket.send(bytes);
      return (await socket.receive()).toString();
    } finally {
      socket.close();
    }
  }

  /** Waits until the process has ended on its own. */
  async exited(): Promise<Exit> {
    let exit: Exit | undefined;
    void this.#exited.then((how) => (exit = how));
    const end = Date.now() + LIMIT_MS;
    while (exit === undefined) {
      if (Date.now() > end) throw new Error(`the kernel has not ended within ${LIMIT_MS / 1000} s`);
      await sleep(10);
    }
    return exit;
  }

  get pid(): number {
    return this.process.pid ?? -1;
  }

  get isAlive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Kills the kernel and every process that it has started. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close();
    this.kill();
    await this.#exited;
  }

  kill(): void {
    alive.delete(this);
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // It has ended on its own.
    }
    rmSync(this.place, { recursive: true, force: true });
  }

  /** Repeats a request until the kernel's answer arrives on both channels, as Jupyter's own client does. */
  async #ready(): Promise<void> {
    // Plain tslab never answers requests that arrive before its sockets are bound, which a separate test covers.
    await waitUntilBound(this);
    for (const end = Date.now() + LIMIT_MS; Date.now() < end;) {
      const { id, reply } = this.send('kernel_info_request');
      await reply;
      await sleep(20);
      if (this.published(id).some(isIdle)) return;
    }
    throw new Error(`the kernel did not come up: ${this.words}`);
  }

  async #receive(channel: Received['channel'], socket: Dealer | Subscriber): Promise<void> {
    try {
      for await (const frames of socket) {
        const { header, parent: parentHeader, metadata, content } = unpack(this.info.key, frames);
        const [type, parent] = [header.msg_type, parentHeader.msg_id ?? ''];
        this.log.push({ channel, type, parent, header, parentHeader, metadata, content });
        for (const look of this.#waiting) look();
      }
    } catch (error) {
      // Closing a socket ends a pending receive with EAGAIN.
      if (!this.#closed) throw error;
    }
  }

  #wait<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = () => {
        const found = find();
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const timer = setTimeout(() => {
        finish();
        reject(
          new Error(`no ${what} within ${LIMIT_MS / 1000} s; the process said: ${this.words.slice(-2000)}`),
        );
      }, LIMIT_MS).unref();
      this.#waiting.add(look);
      look();
    });
  }
}

async function waitUntilBound(kernel: TestKernel): Promise<void> {
  const { shell_port, iopub_port, control_port, stdin_port, hb_port } = kernel.info;
  await listening([shell_port, iopub_port, control_port, stdin_port, hb_port], () => !kernel.isAlive);
  // A port accepts connections a moment before its socket can be used.
  await sleep(100);
}

function address(info: ConnectionInfo, channel: 'shell' | 'control' | 'iopub' | 'hb'): string {
  return `${info.transport}://${info.ip}:${info[`${channel}_port`]}`;
}

const isIdle = (message: Received) => message.type === 'status' && message.content.execution_state === 'idle';

/** The text printed to standard output and error together, or to one of them. */
export function streamText(messages: readonly Received[], name?: 'stdout' | 'stderr'): string {
  return messages
    .filter(({ type, content }) => type === 'stream' && (name === undefined || content.name === name))
    .map(({ content }) => content.text as string)
    .join('');
}

/** The types of the published messages, without the enclosing `status` messages and without repetitions. */
export function publishedTypes({ published }: Answered): string[] {
  return published.map(({ type }) => type).filter((type, i, all) => type !== 'status' && type !== all[i - 1]);
}

/** The only message of this type; fails with what was published instead if there is none. */
export function one(answered: Answered, type: string): Content {
  const found = answered.published.filter((message) => message.type === type);
  if (found.length !== 1) {
    throw new Error(
      `${found.length} messages ${type}, expected 1, among: ${publishedTypes(answered).join(', ')}`,
    );
  }
  return found[0].content;
}

/** The text of a cell's result. */
export function resultText(answered: Answered): string {
  return (one(answered, 'execute_result').data as { 'text/plain': string })['text/plain'];
}
