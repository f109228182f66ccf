/**
 * A kernel's process: started in a process group of its own, connected, watched, and killed with certainty.
 *
 * None of its processes outlives the runner. On POSIX the kernel is started as `sh -c '(guard) & exec kernel'`: the
 * guard waits on a pipe whose other end only the runner holds; when that closes, even because of SIGKILL, it removes
 * the sockets and kills the whole group. A kernel in an endless loop could not watch its parent itself.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KernelCommand } from './kernelspec';
import { freePorts, listening } from './ports';
import type { ConnectionInfo, Message } from '../../kernel/wire';
import { Connection } from './connection';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The kernel did not start. `died` distinguishes an exit from a hang. */
export class StartError extends Error {
  constructor(
    message: string,
    readonly died: boolean,
    /** The end of what it wrote to its standard output and error. */
    readonly lastWords: string,
  ) {
    super(message);
  }
}

const POSIX = process.platform !== 'win32';
/** Time between a port accepting connections and its socket being usable. */
const BINDING_MS = 100;
/** How long what a dead kernel has written may take to arrive. */
const LAST_OUTPUT_MS = 200;
/** In characters: enough for a crash report of V8, and a bound for a kernel that logs without end. */
const LAST_WORDS = 64 * 1024;
/** The path of a UNIX socket has at most 107 bytes on Linux and 103 on macOS; the port number adds a few. */
const LONGEST_SOCKET_PATH = 90;

const GUARD = '(read -r _ <&3; rm -rf -- "$1"; kill -KILL 0) >/dev/null 2>&1 & shift; exec "$@" 3<&-';

const alive = new Set<Kernel>();
process.on('exit', () => {
  for (const kernel of alive) kernel.killNow();
});

export class Kernel {
  readonly exited: Promise<Exit>;
  /** Seconds from the start of the process to its first answer. */
  startSeconds = 0;
  /** What the kernel calls itself: `tslab`, `ipython`. */
  implementation = '';
  #exit: Exit | undefined;
  #words = '';

  private constructor(
    readonly command: KernelCommand,
    private readonly process: ChildProcess,
    readonly connection: Connection,
    private readonly place: string,
  ) {
    this.exited = new Promise((resolve) => {
      const done = (exit: Exit) => {
        this.#exit ??= exit;
        this.#release();
        resolve(exit);
      };
      // `close` follows when all output has been read. The guard must go first: it holds a pipe of the process open. So
      // may a process that a cell has started, which is not waited for.
      process.on('exit', () => {
        this.#releaseGuard();
        setTimeout(() => this.#closeOutput(), LAST_OUTPUT_MS).unref();
      });
      process.on('close', (code, signal) => done({ code, signal }));
      process.on('error', (error) => {
        this.#words += error.message;
        if (process.pid === undefined) done({ code: null, signal: null });
      });
    });
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        this.#words = (this.#words + text).slice(-LAST_WORDS);
      });
    }
    alive.add(this);
  }

  /** Starts a kernel in `folder`, from which its imports are resolved, and waits until it answers on both sockets. */
  static async start(command: KernelCommand, folder: string, timeoutSeconds: number): Promise<Kernel> {
    const began = performance.now();
    const place = mkdtempSync(join(socketFolder(), 'convlab-kernel-'));
    let kernel: Kernel | undefined;
    try {
      const info = await connectionInfo(command, place);
      const file = join(place, 'connection.json');
      writeFileSync(file, JSON.stringify(info), { mode: 0o600 });
      const connection = await Connection.open(info);
      kernel = new Kernel(command, launch(command, file, folder, place), connection, place);
      await kernel.#greet(info, timeoutSeconds);
    } catch (error) {
      if (kernel) await kernel.kill();
      else rmSync(place, { recursive: true, force: true });
      throw error;
    }
    kernel.startSeconds = (performance.now() - began) / 1000;
    return kernel;
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** The end of what the process wrote to its own standard output and error: native logs, crash reports. */
  get lastWords(): string {
    return this.#words;
  }

  /** Kills the whole process group, waits until it is gone, and closes the connection. */
  async kill(): Promise<void> {
    this.killNow();
    this.connection.close();
    await this.exited;
  }

  /** Kills the whole process group. What it has sent until now can still be received. */
  killNow(): void {
    if (!this.#exit && this.process.pid !== undefined) {
      try {
        if (POSIX) process.kill(-this.process.pid, 'SIGKILL');
        else this.process.kill('SIGKILL');
      } catch {
        // Already gone.
      }
    }
    this.#release();
  }

  #release(): void {
    alive.delete(this);
    this.#releaseGuard();
    rmSync(this.place, { recursive: true, force: true });
  }

  #closeOutput(): void {
    this.process.stdout?.destroy();
    this.process.stderr?.destroy();
  }

  /** Releases the guard, which does its work and ends. */
  #releaseGuard(): void {
    (this.process.stdio as readonly (Duplex | null)[])[3]?.destroy();
  }

  /** Requests kernel_info until both the reply and, on the other socket, the matching `idle` have arrived. */
  async #greet(info: ConnectionInfo, timeoutSeconds: number): Promise<void> {
    const asked = new Set<string>();
    let replied = false;
    let heard = false;
    let again: NodeJS.Timeout | undefined;
    let limit: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const ask = () => void asked.add(this.connection.send('kernel_info_request', {}));
        const check = () => {
          if (replied && heard) resolve();
          // Replied, but its `idle` was published before the subscription took effect.
          else if (replied) again = setTimeout(ask, 5);
        };
        const isAnswer = ({ parent }: Message) => asked.has(parent.msg_id ?? '');
        this.connection.listen({
          onReply: (message) => {
            if (!isAnswer(message)) return;
            replied = true;
            this.implementation = String(message.content.implementation);
            check();
          },
          onPublished: (message) => {
            if (!isAnswer(message)) return;
            heard = true;
            check();
          },
          onBroken: (reason) => reject(this.#startError(reason.message, false)),
        });
        void this.exited.then((exit) =>
          reject(this.#startError(`the kernel ended before it was ready (${describeExit(exit)})`, true)),
        );
        limit = setTimeout(
          () => reject(this.#startError(`the kernel was not ready after ${timeoutSeconds} s`, false)),
          timeoutSeconds * 1000,
        );
        void this.#bound(info).then(ask, reject);
      });
    } finally {
      clearTimeout(again);
      clearTimeout(limit);
      this.connection.listen(undefined);
    }
  }

  /**
   * Waits until a foreign kernel has bound its sockets. A request that reaches plain tslab while it is still binding
   * ends its receiving loop (`Socket is blocked by a bind or unbind operation`), and it hangs forever. The project's
   * own kernel accepts requests at once.
   */
  async #bound(info: ConnectionInfo): Promise<void> {
    if (this.command.own) return;
    await listening([info.shell_port, info.iopub_port], () => this.#exit !== undefined);
    await sleep(BINDING_MS);
  }

  #startError(message: string, died: boolean): StartError {
    return new StartError(message, died, this.#words.trim());
  }
}

export function describeExit(exit: Exit): string {
  if (exit.signal) return `killed by ${exit.signal}`;
  return exit.code === null ? 'it could not be started' : `exit code ${exit.code}`;
}

function launch(command: KernelCommand, file: string, folder: string, place: string): ChildProcess {
  const argv = command.argv(file);
  // Jupyter's name for it: a kernel ends itself when this process is gone.
  const env = { ...process.env, JPY_PARENT_PID: String(process.pid), ...command.environment };
  // File descriptor 3, the guard's pipe, closes when the runner ends.
  const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'pipe', 'pipe'];
  const options = { cwd: folder, env, stdio, detached: POSIX };
  return POSIX
    ? spawn('/bin/sh', ['-c', GUARD, 'convlab-kernel', place, ...argv], options)
    : spawn(argv[0], argv.slice(1), options);
}

/** Absolute, since the kernel runs in another folder, which a relative `TMPDIR` would count from. */
function socketFolder(): string {
  const folder = resolve(tmpdir());
  return Buffer.byteLength(folder) <= LONGEST_SOCKET_PATH - 30 || !POSIX ? folder : '/tmp';
}

/** ipc if both sides agree on the form of a socket's path, which our own kernel does on POSIX; otherwise tcp. */
async function connectionInfo(command: KernelCommand, place: string): Promise<ConnectionInfo> {
  const ip = join(place, 's');
  const ipc = POSIX && command.own && Buffer.byteLength(ip) <= LONGEST_SOCKET_PATH;
  const ports = ipc ? [1, 2, 3, 4, 5] : await freePorts(5);
  return {
    transport: ipc ? 'ipc' : 'tcp',
    ip: ipc ? ip : '127.0.0.1',
    shell_port: ports[0],
    iopub_port: ports[1],
    control_port: ports[2],
    stdin_port: ports[3],
    hb_port: ports[4],
    key: randomBytes(32).toString('hex'),
    signature_scheme: 'hmac-sha256',
  };
}
