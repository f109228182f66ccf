/** Runs pip in a virtual environment, and says plainly why it failed. */
import { spawn } from 'node:child_process';
import { SetUpError } from './advice';

/** What pip prints on each kind of failure, and what that means for whoever reads it. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /CERTIFICATE_VERIFY_FAILED|SSLError|SSL module is not available/,
    'pip does not trust the package index it reached. Behind a proxy with a certificate of its own, name that in PIP_CERT',
  ],
  [
    /Failed to establish a new connection|NameResolutionError|getaddrinfo|ProxyError|Read timed out|ConnectTimeout|Network is unreachable|Connection (refused|reset)/,
    'pip cannot reach the package index. Connect to the network, or name a mirror in PIP_INDEX_URL',
  ],
  [
    // Without retries pip says no more than this.
    /from versions: none/,
    'pip finds no version of it at all: the package index cannot be reached, or lacks it. Connect to the network, or name a mirror in PIP_INDEX_URL',
  ],
  [/No space left on device/, 'the disk is full'],
  [/Permission denied|Access is denied/, 'pip may not write into the folder'],
  [
    /No matching distribution found|Could not find a version/,
    'the package index has no version of it for this Python',
  ],
  [/error: subprocess-exited-with-error|Failed (to build|building)/, 'a package would have to be compiled'],
];

/** Why pip failed, from what it printed: the cause in plain words and pip's own last words. */
export function explainPip(printed: string): string {
  const cause = CAUSES.find(([pattern]) => pattern.test(printed))?.[1];
  const errors = printed.split(/\r?\n/).filter((line) => line.startsWith('ERROR: '));
  const words = errors.slice(0, 3).join('\n') || printed.trim().split(/\r?\n/).slice(-3).join('\n');
  return [cause ?? 'pip failed', words].filter(Boolean).join('.\n');
}

/** Installs what a file of requirements lists. @param python the environment's own @throws SetUpError */
export async function pipInstall(python: string, requirements: string): Promise<void> {
  const child = spawn(
    python,
    ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '-r', requirements],
    // In a virtual environment `--user`, which some people's settings turn on, is refused.
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PIP_USER: '0' } },
  );
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  }
  // Only pip's retries take long without a word.
  child.stderr.on('data', (text: string) => {
    for (const line of text.split(/\r?\n/)) if (line.startsWith('WARNING: Retrying')) console.error(line);
  });
  const code = await new Promise<number | null>((done, fail) =>
    child.once('error', fail).once('close', done),
  );
  if (code !== 0) throw new SetUpError(explainPip(printed.join('')));
}
