// @ts-check
'use strict';
/**
 * Registers the kernel for JupyterLab, Notebook and VS Code: `npm run kernel:install [-- --prefix DIR | --user]`.
 * DIR is an environment's folder, such as .venv. Without an option: the active environment, or else the user's folder.
 * https://jupyter-client.readthedocs.io/en/latest/kernels.html#kernel-specs
 */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { parseArgs } = require('node:util');
const { kernelArgv, userFolder } = require('./command.js');

const usage = `npm run kernel:install -- [options]

Registers the notebooks' kernel with Jupyter: for the active Python environment or, if none is, for you.

  --prefix DIR    for the environment in DIR, such as .venv
  --user          for you, whatever environment is active
`;

/** @param {{ prefix?: string, user?: boolean }} values */
function dataFolder(values) {
  if (values.prefix !== undefined && values.user) throw new Error('--prefix and --user exclude each other');
  if (values.prefix === '') throw new Error('--prefix: the name of a folder is missing');
  const prefix =
    values.prefix ?? (values.user ? undefined : process.env.VIRTUAL_ENV || process.env.CONDA_PREFIX);
  return prefix ? join(resolve(prefix), 'share', 'jupyter') : userFolder();
}

/** @param {'typescript' | 'javascript'} language @param {string} name */
const kernelspec = (language, name) => ({
  argv: kernelArgv('{connection_file}', language),
  display_name: name,
  language,
  interrupt_mode: 'signal',
  metadata: { debugger: false },
});

/** @param {string[]} args */
function main(args) {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', short: 'h' },
      prefix: { type: 'string' },
      user: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const folder = join(dataFolder(values), 'kernels');
  for (const [name, spec] of /** @type {const} */ ([
    ['tslab', kernelspec('typescript', 'TypeScript')],
    ['jslab', kernelspec('javascript', 'JavaScript')],
  ])) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'kernel.json'), `${JSON.stringify(spec, undefined, 1)}\n`);
    console.log(`${spec.display_name}: ${join(folder, name)}`);
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`kernel:install: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
