/**
 * `npm test [-- word …]`: runs every `*.test.ts` of the project (or those whose path contains one of the words)
 * in Node's own test runner. Node 20's `--test` takes no globs, so the files are found here.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { testTimeout } from './testTimeout';

const root = join(__dirname, '..');

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return testFiles(path);
      return entry.name.endsWith('.test.ts') ? [path] : [];
    })
    .sort();
}

const words = process.argv.slice(2);
const files = ['lib/src', 'scripts', 'tests']
  .flatMap((folder) => testFiles(join(root, folder)))
  .map((path) => relative(root, path))
  .filter((path) => words.length === 0 || words.some((word) => path.includes(word)));

if (files.length === 0) {
  console.error(`npm test: no test file matches ${words.join(' ')}`);
  process.exit(2);
}

// A process for each file costs half a second. Test files of plain functions, which leave nothing behind that another
// test could see, share one process.
const rooms = [
  'lib/src/ops/',
  'lib/src/data/',
  'lib/src/plot/',
  'lib/src/exercises/',
  'scripts/notebooks/',
].map((room) => join(room));
const together = files.filter((file) => rooms.some((room) => file.startsWith(room)));
const alone = files.filter((file) => !together.includes(file));

// Two at a time: the tests start kernels and worker threads of their own.
const run = spawnSync(
  process.execPath,
  [
    '-r',
    join(root, 'scripts', 'seededMathRandom.js'),
    '-r',
    join(root, 'scripts', 'typescript.js'),
    '--test',
    '--test-concurrency=2',
    // Every file ends well within this, on a busy machine too.
    ...testTimeout(15),
    '--test-reporter=spec',
    ...(together.length > 0 ? [join('scripts', 'testTogether.ts')] : []),
    ...alone,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEST_FILES: JSON.stringify(together.map((file) => join(root, file))) },
  },
);
process.exit(run.status ?? 1);
