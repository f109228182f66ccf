/** A Jupyter server of the project: on this machine only, with a token, at the repository's root. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { replaceFile } from '../replaceFile';
import { jupyterCommand, jupyterVariables, ROOT, settingsFolder, type Environment } from './environment';
import { SetUpError } from './advice';
import { killTree } from './processes';

export interface ServerOptions {
  readonly app?: 'lab' | 'notebook';
  /** The folder it shows. Default: the repository's root. */
  readonly root?: string;
  /** Whether a browser is opened. Default false. */
  readonly browser?: boolean;
  /** Is told what the server reports while it runs: warnings and errors. */
  readonly log?: (text: string) => void;
  /** More options of Jupyter's command line. */
  readonly args?: readonly string[];
}

export interface JupyterServer {
  /** `http://127.0.0.1:8888/` */
  readonly url: string;
  readonly token: string;
  /** The page of the notebook it opens first, with the token. */
  readonly page: string;
  /** Resolves to the exit code when the server has ended. */
  readonly ended: Promise<number | null>;
  /** Ends the server and its kernels; resolves when all are gone. */
  stop(): Promise<void>;
  /** A request to Jupyter's REST API, such as `api/sessions`. @throws Error if the answer is not a success */
  request(path: string, init?: { method?: string; body?: unknown }): Promise<unknown>;
}

const POSIX = process.platform !== 'win32';
/**
 * Becomes the server, beside a guard that waits for the end of this process, which closes a pipe, and then kills the
 * server: however this process ends, none is left behind. The kernels end with their server.
 */
const GUARD = '(read -r _ <&3; kill -KILL 0) >/dev/null 2>&1 & exec "$@" 3<&-';

/** What opens first, below the root. */
export const FIRST_NOTEBOOK = 'notebooks/00-start-here.ipynb';
/** JupyterLab starts in 2 s here; a cold disk or a busy machine takes its time. */
const START_MS = 120_000;
/** Jupyter gives a kernel that does not end 5 s. */
const STOP_MS = 15_000;

/** Starts a server and waits until it answers. @throws SetUpError with its log when it ends before */
export async function startServer(environment: Environment, o: ServerOptions = {}): Promise<JupyterServer> {
  const { app = 'lab', root = ROOT, browser = false } = o;
  const token = randomBytes(24).toString('hex');
  const path = `${app === 'lab' ? 'lab/tree' : 'notebooks'}/${FIRST_NOTEBOOK}`;
  const application = app === 'lab' ? 'LabApp' : 'JupyterNotebookApp';
  const [program, ...first] = jupyterCommand(environment, app);
  const args = [
    `--ServerApp.ip=127.0.0.1`,
    `--ServerApp.root_dir=${root}`,
    `--ServerApp.open_browser=${browser ? 'True' : 'False'}`,
    '--Application.log_level=WARN',
    `--${application}.default_url=/${path}`,
    `--${application}.custom_css=True`,
    ...(environment.isOwn ? [] : [`--LabServerApp.app_settings_dir=${settingsFolder(environment.prefix)}`]),
    // Jupyter does not run as root, as one is in a container, unless it is told to.
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
    ...(o.args ?? []),
  ];
  const runtime = join(environment.state, 'runtime');
  mkdirSync(runtime, { recursive: true });
  const custom = join(environment.state, 'config', 'custom');
  mkdirSync(custom, { recursive: true });
  replaceFile(join(custom, 'custom.css'), readFileSync(join(__dirname, 'custom.css')));
  const command = [program, ...first, ...args];
  const [file, ...words] = POSIX ? ['/bin/sh', '-c', GUARD, 'sh', ...command] : command;
  const child = spawn(file, words, {
    cwd: root,
    // In the environment, not in the arguments, which others on the machine can read.
    env: { ...jupyterVariables(environment), JUPYTER_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // Ctrl-C in the terminal is for this process, which stops the server in order.
    detached: POSIX,
    windowsHide: true,
  });
  child.once('exit', () => (child.stdio[3] as Duplex | null)?.destroy());
  const hasEnded = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const killed = () => {
    if (!hasEnded()) killTree(child.pid as number);
  };
  process.once('exit', killed);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000);
      o.log?.(text);
    });
  }
  const ended = new Promise<number | null>((done) => {
    child.once('error', (error) => {
      log += error.message;
      done(1);
    });
    child.once('close', done);
  }).finally(() => process.removeListener('exit', killed));

  const url = await addressOf(runtime, token, hasEnded);
  if (url === undefined) {
    killed();
    throw new SetUpError(`Jupyter did not start:\n${log.trim() || 'it said nothing'}`);
  }
  return {
    url,
    token,
    page: `${url}${path}?token=${token}`,
    ended,
    stop: () => stop(child, url, token, ended),
    request: (api, init) => request(url, token, api, init),
  };
}

/** Jupyter writes where it can be reached into a file when it is ready; undefined if it ends or takes too long. */
async function addressOf(
  runtime: string,
  token: string,
  hasEnded: () => boolean,
): Promise<string | undefined> {
  for (const end = Date.now() + START_MS; Date.now() < end && !hasEnded(); await sleep(50)) {
    for (const name of readdirSync(runtime)) {
      if (!/^jpserver-\d+\.json$/.test(name)) continue;
      const server = readServer(join(runtime, name));
      if (server?.token === token && (await answers(server.url))) return server.url;
    }
  }
  return undefined;
}

function readServer(file: string): { url: string; token: string } | undefined {
  try {
    const { port, base_url, token } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    return { url: `http://127.0.0.1:${port}${base_url}`, token };
  } catch {
    // Half written, or removed by its server.
    return undefined;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}api`)).ok;
  } catch {
    return false;
  }
}

async function request(
  url: string,
  token: string,
  path: string,
  { method = 'GET', body }: { method?: string; body?: unknown } = {},
): Promise<unknown> {
  const answer = await fetch(url + path, {
    method,
    headers: { Authorization: `token ${token}`, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
  return answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
}

async function stop(child: ChildProcess, url: string, token: string, ended: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  try {
    // Works on every system, where signals do not.
    await request(url, token, 'api/shutdown', { method: 'POST' }).catch(() => child.kill());
    const late = sleep(STOP_MS, 'late', { signal: patience.signal }).catch(() => undefined);
    if ((await Promise.race([ended, late])) === 'late' && child.pid !== undefined) killTree(child.pid);
    await ended;
  } finally {
    patience.abort();
  }
}
