/** A real server for the tests: Debian's redis-server, or Valkey's, on loopback, that can go away and come back. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../notebooks/run/ports';

const program = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** False when there is one. */
export const missingServer =
  program === undefined && 'there is no redis-server (apt-get install redis-server)';

/** Why the tests that need a server are skipped, aloud; false when there is one. */
export const noServer = missingServer && `NOT TESTED: ${missingServer}`;

export class TestServer {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'convlab-redis-'));
  readonly #options: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;

  private constructor(port: number, options: Readonly<Record<string, string>>) {
    this.port = port;
    this.#options = options;
  }

  /** @param options further ones, or others, of redis-server */
  static async start(
    options: (port: number) => Readonly<Record<string, string>> = () => ({}),
  ): Promise<TestServer> {
    const [port] = await freePorts(1);
    const server = new TestServer(port, options(port));
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const options = {
      port: this.port,
      bind: '127.0.0.1',
      dir: this.#folder,
      save: '3600 1',
      ...this.#options,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(program ?? '', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    let printed = '';
    for await (const chunk of child.stdout) {
      printed += String(chunk);
      if (/ready to accept connections/i.test(printed)) break;
    }
    if (child.exitCode !== null) throw new Error(`redis-server ended: ${printed}`);
    child.stdout.resume();
  }

  /** By SIGTERM it stores its data, by SIGKILL it loses them. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
