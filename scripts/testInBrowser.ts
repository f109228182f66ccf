/**
 * `npm run test:e2e [-- word …]`: runs the tests in tests/e2e (or those whose path contains one of the words) in a
 * browser, on JupyterLab as `npm run lab` starts it where a test needs that. It is set up before: a minute, once.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SetUpError } from './lab/advice';
import { findChromium } from './lab/chromium';
import { prepareEnvironment } from './lab/environment';
import { testTimeout } from './testTimeout';

const root = join(__dirname, '..');
const POSIX = process.platform !== 'win32';

async function main(words: readonly string[]): Promise<number> {
  const files = (readdirSync(join(root, 'tests', 'e2e'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.e2e.ts'))
    .map((name) => join('tests', 'e2e', name))
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
    .sort();
  if (files.length === 0) {
    console.error(`npm run test:e2e: no test file matches ${words.join(' ')}`);
    return 2;
  }
  console.log(`Browser: ${findChromium()}`);
  if (files.some(needsJupyterLab)) await prepareEnvironment((line) => console.log(line));
  const loader = join(root, 'scripts', 'typescript.js');
  // The longest file, the whole course, takes ten minutes on a quiet machine.
  const options = ['--test-concurrency=1', ...testTimeout(30), '--test-reporter=spec'];
  const args = ['-r', loader, '--test', ...options, ...files];
  const code = await runToEnd(args);
  console.log(`Screenshots: ${relative(process.cwd(), join(root, 'report', 'e2e', 'screenshots'))}`);
  return code;
}

/** The site, widgets and windows are tested in the browser alone. */
function needsJupyterLab(path: string): boolean {
  return /from '\.\/jupyter'/.test(readFileSync(join(root, path), 'utf8'));
}

/** Runs the tests in a process group of their own, which ends with this process: Jupyter and the browser follow. */
async function runToEnd(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', detached: POSIX });
  const end = () => {
    if (child.exitCode !== null || child.pid === undefined) return;
    if (POSIX) process.kill(-child.pid, 'SIGTERM');
    else child.kill();
  };
  process.once('exit', end);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const code = await new Promise<number | null>((done, fail) =>
    child.once('error', fail).once('close', done),
  );
  process.removeListener('exit', end);
  return code ?? 1;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof SetUpError ? `npm run test:e2e: ${error.message}` : error);
    process.exitCode = 1;
  },
);
