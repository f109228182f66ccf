/** `--help`, written for a person. */
import { DEFAULTS } from './options';
import { shownBytes } from '../bytes';

export function help(command: string): string {
  return { test: TEST, update: UPDATE, clean: CLEAN, seeds: SEEDS }[command] ?? TEST;
}

const PATHS = `Give notebooks or folders; without any it is notebooks/ with all folders in it.`;

const RUNNING = `
Which notebooks
  -g, --grep PATTERN       only those whose path matches this regular expression
      --shard I/N          only the I-th of N parts that take equally long: for several machines of a CI

How they run
  -j, --jobs N             run N at once (here ${DEFAULTS.jobs}, one for each core, at most 8)
      --timeout TIME       limit for a cell: 90, 500ms, 2m (${DEFAULTS.timeoutSeconds} s)
      --startup-timeout TIME   limit for the start of a kernel (${DEFAULTS.startupSeconds} s)
      --memory-limit SIZE  kill a kernel that grows beyond: 800MB, 2GB (${shownBytes(DEFAULTS.memoryBytes)})
      --retries N          run a notebook that fails up to N more times
      --fail-fast          stop after the first notebook that fails
      --kernel NAME        another kernel for all: any that \`jupyter kernelspec list\` shows.
                           By default each notebook's own; tslab is always this project's kernel (scripts/kernel).
                           plain: tslab as npm has it; outputs are not compared
                           deno: the kernel of the program DENO, or of deno in PATH; text is not compared`;

const COMPARING = `
      --tolerance X        numbers are the same up to this relative difference (1e-6)
      --sanitize FILE      JSON list of sanitizers: "durations", { "pattern": "seed \\\\d+", "replace": "seed" }`;

const REPORTING = `
What is reported
      --report DIR         write report.html, junit.xml and results.json there
      --json               results.json to standard output, everything else to standard error
  -q, --quiet              only failures and the closing line`;

const KEEP = `
      --keep DIR           store notebooks that failed there, with the outputs produced until then`;

const EXIT = `
Exit code: 0 all passed, 1 a notebook failed, 2 wrong usage, or a named file is not a notebook.
Tags, settings in a notebook's metadata and the format of results.json: scripts/notebooks/README.md
`;

const TEST = `npm run notebooks:test -- [notebook or folder …] [options]

Runs every cell of the notebooks in a fresh kernel and compares the outputs with the stored ones.
${PATHS}
${RUNNING}
      --record             store how long each notebook took in scripts/notebooks/times.json, for --shard
      --repeat N           run each N times; all runs must give the same outputs
      --param NAME=VALUE   override what the cell tagged "parameters" declares; no output is then compared
      --watch, -w          stay, and run again what changed or what depends on a changed file of lib
      --types-only         type-check all cells as the kernel would, run nothing
      --against PLACE      run nothing: compare the stored outputs with those of the same notebooks in another
                           folder, or of another file

What is compared
      --no-compare         nothing, except cells tagged nbval-check-output${COMPARING}
${REPORTING}${KEEP}

Examples
  npm run notebooks:test
  npm run notebooks:test -- notebooks/01-convolution.ipynb
  npm run notebooks:test -- --jobs 4 --report report --keep failed
  npm run notebooks:test -- on-node-20 --against on-node-24
  npm run notebooks:test -- notebooks/05-training.ipynb --param epochs=1
${EXIT}`;

const UPDATE = `npm run notebooks:update -- [notebook or folder …] [options]

Runs the notebooks and stores their outputs. A notebook that fails is left as it was; outputs that say
the same as the stored ones are left too, so a second update changes nothing.
${PATHS}
${RUNNING}

What counts as the same output
      --no-compare         nothing does: store every output anew${COMPARING}
${REPORTING}${KEEP}
${EXIT}`;

const SEEDS = `npm run notebooks:seeds -- [notebook or folder …] [options]

Runs the notebooks whose cell tagged "parameters" declares seed or seeds, each several times with other values, and
reports which assertion fails at which. Outputs are not compared.
${PATHS}
${RUNNING}
      --runs N             how many other values (${DEFAULTS.runs})
      --queue URL          let other machines run them: redis://HOST:6379 (docs/more-machines.md)
      --param NAME=VALUE   also override this parameter, where it is declared
${REPORTING}
${EXIT}`;

const CLEAN = `npm run notebooks:clean -- [notebook or folder …] [options]

Takes outputs and execution counts out of notebooks, and nothing else.
${PATHS}

  -g, --grep PATTERN       only those whose path matches this regular expression
      --json               what was done as JSON to standard output
  -q, --quiet              only failures and the closing line
${EXIT}`;
