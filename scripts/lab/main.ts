/** `npm run lab`: opens JupyterLab on the first notebook, setting up before what it needs; Ctrl-C ends it. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readOptions, runTool, UsageError } from '../commandLine';
import { runFirstCell } from './check';
import { configure, prepareEnvironment, type Environment } from './environment';
import { FIRST_NOTEBOOK, startServer } from './server';
import { startSession } from './session';
import { trustCommitted } from './trust';

const usage = `npm run lab -- [options]

Opens JupyterLab on the first notebook, after setting up what it needs. Ctrl-C ends it.

  --notebook    Notebook 7 instead of JupyterLab
  --check       opens a notebook without a browser, runs a cell, and ends
  --set-up      only sets up
  --into DIR    only puts the kernel, the settings and the hook into DIR, another JupyterLab's environment
`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  notebook: { type: 'boolean' },
  check: { type: 'boolean' },
  'set-up': { type: 'boolean' },
  into: { type: 'string' },
} as const;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, OPTIONS);
  if (values.help) {
    console.log(usage);
    return;
  }
  if (values.into !== undefined) {
    if (!statSync(values.into, { throwIfNoEntry: false })?.isDirectory()) {
      throw new UsageError(`--into is '${values.into}', expected the folder of a JupyterLab's environment`);
    }
    configure(resolve(values.into));
    console.log(`The JupyterLab in ${values.into} has the kernel, the settings and the hook.`);
    return;
  }
  const app = values.notebook ? 'notebook' : 'lab';
  const environment = await prepareEnvironment((line) => console.log(line));
  if (values['set-up']) {
    console.log(`${described(environment, app)} is ready.`);
    return;
  }
  trustCommitted(environment);
  if (values.check) await check(environment, app);
  else await open(environment, app);
}

async function check(environment: Environment, app: 'lab' | 'notebook'): Promise<void> {
  const server = await startServer(environment, { app });
  try {
    console.log(`${described(environment, app)} answers at ${server.url}`);
    const kernel = await runFirstCell(server, FIRST_NOTEBOOK);
    console.log(`The first cell of ${FIRST_NOTEBOOK} ran in the kernel '${kernel}'.`);
  } finally {
    await server.stop();
  }
  console.log('The server has ended. Everything works: npm run lab opens it.');
}

async function open(environment: Environment, app: 'lab' | 'notebook'): Promise<void> {
  const server = await startServer(environment, {
    app,
    browser: true,
    log: (text) => process.stderr.write(text),
  });
  // It starts while the page loads. If it cannot, the page tries again and shows why.
  startSession(server, FIRST_NOTEBOOK).catch(() => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void server.stop());
  }
  console.log(`
${described(environment, app)} opens in your browser. If it does not, open this address:

    ${server.page}

Ctrl-C ends it. VS Code, and a JupyterLab of your own, find the notebooks' kernel after this command:

    npm run kernel:install -- --user
`);
  process.exitCode = (await server.ended) ?? 0;
}

function described({ isOwn, version }: Environment, app: 'lab' | 'notebook'): string {
  const name = app === 'lab' ? `JupyterLab ${version}` : 'Notebook';
  return isOwn ? name : `${name}, found on the path,`;
}

runTool('lab', main);
