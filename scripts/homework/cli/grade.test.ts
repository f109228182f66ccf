/** `homework -- grade` as a teacher calls it: which protections it says that hold, and what it refuses. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { noServer, TestServer } from '../../jobs/testdata/redis';
import { readSource } from '../assignment/source';
import { readCsv } from '../gradebook/csv';
import { Gradebook } from '../gradebook/gradebook';
import { files } from '../gradebook/outputs';
import { templateNotebook } from '../new/template';
import { notebookText, studentVersion } from '../release/studentVersion';
import { whyNot } from '../sandbox/choose';

const root = join(__dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'convlab-grade-'));
after(() => rmSync(folder, { recursive: true }));

const source = join(folder, 'means.ipynb');
writeFileSync(source, notebookText(templateNotebook('Means')));
const handedIn = join(folder, 'handed-in');
mkdirSync(handedIn);
writeFileSync(join(handedIn, 'ann.ipynb'), notebookText(studentVersion(readSource(source), new Map())));
let outs = 0;

/** The words of the command, and the folder that it writes to. */
function command(args: readonly string[]) {
  const out = join(folder, `out-${outs++}`);
  const main = ['-r', './scripts/typescript.js', 'scripts/homework/main.ts', 'grade', '--out', out, ...args];
  return { main, out };
}

/** @param path where programs are looked for: an empty folder hides bubblewrap */
function grading(args: readonly string[], path = process.env.PATH) {
  const { main, out } = command(args);
  const { status, stdout, stderr } = spawnSync(process.execPath, main, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  return { status, stdout, stderr, out };
}

const always =
  /own process with an empty environment and an empty folder\.\n.*limits of time, heap, answers and output\.\nTests, right answers and the seed stay outside of it\.\n/;

test('without bubblewrap, --require-sandbox grades nothing, and says what is missing', () => {
  const { status, stdout, stderr, out } = grading(
    [handedIn, '--assignment', source, '--require-sandbox'],
    folder,
  );
  assert.equal(status, 2);
  assert.match(stdout, /^Submissions run without bubblewrap \(.+\), in Node's permission model: /);
  assert.match(stdout, /THE NETWORK IS NOT CLOSED/);
  assert.match(
    stderr,
    /^homework: --require-sandbox: nothing is graded, since not everything holds here that can \(bubblewrap on Linux, see above\)\n$/,
  );
  assert.ok(!existsSync(out));
});

test('without bubblewrap and --require-sandbox, it grades and says which protections hold', () => {
  const args = [handedIn, '--assignment', source, '--due', '2026-11-20 23:59'];
  const { status, stdout, out } = grading(args, folder);
  assert.equal(status, 0);
  assert.match(stdout, /^Submissions run without bubblewrap [^]*THE NETWORK IS NOT CLOSED/);
  assert.match(stdout, always);
  assert.match(
    stdout,
    /means: 1 graded in [^]*\ndue 2026-11-20 23:59:00 UTC; handed in later, nothing is taken off\n/,
  );
  assert.ok(existsSync(files(out).grades));
});

test('what is refused has a row in the table of grades, and the exit code says that it is not graded', () => {
  const place = join(folder, 'links');
  mkdirSync(join(place, 'cid', 'x'), { recursive: true });
  const text = readFileSync(join(handedIn, 'ann.ipynb'));
  writeFileSync(join(place, 'ann.ipynb'), text);
  symlinkSync(join(place, 'ann.ipynb'), join(place, 'bob.ipynb'));
  for (const file of ['mine.ipynb', 'x/copy.ipynb']) writeFileSync(join(place, 'cid', file), text);
  writeFileSync(join(place, 'list.txt'), '');
  const { status, stdout, out } = grading([place, '--assignment', source]);
  assert.match(stdout, /not graded: .*bob\.ipynb: it is a symbolic link/);
  assert.match(stdout, /not graded: .*mine\.ipynb and .*copy\.ipynb: they are both of assignment means\n/);
  assert.match(stdout, /passed over: .*list\.txt: it is not a notebook\n/);
  assert.equal(status, 1);
  const rows = readCsv(files(out).grades, ['student_id', 'score']);
  assert.deepEqual(
    rows.map((row) => [row.student_id, row.score]),
    ['ann', 'bob', 'cid'].map((student) => [student, '0']),
  );
});

test('with bubblewrap, --require-sandbox grades', async (t) => {
  const reason = await whyNot('bubblewrap');
  if (reason !== undefined) return t.skip(`NOT TESTED: ${reason}`);
  const { status, stdout } = grading([handedIn, '--assignment', source, '--require-sandbox']);
  assert.equal(status, 0);
  assert.match(stdout, /^Submissions run in bubblewrap: no network, no files but Node and convlab/);
  assert.match(stdout, /They can start no process and open no socket \(seccomp\)\./);
  assert.match(stdout, always);
  assert.match(stdout, /means: 1 graded in /);
});

test('it grades all though nobody reads what it prints', async () => {
  const { main, out } = command([handedIn, '--assignment', source]);
  const tool = spawn(process.execPath, main, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  tool.stdout.destroy();
  assert.deepEqual(await once(tool, 'close'), [0, null]);
  assert.ok(existsSync(files(out).grades));
});

test('what is no source, and a place where nothing can be written, are told in a line', () => {
  const student = join(handedIn, 'ann.ipynb');
  const noSource = grading([handedIn, '--assignment', student]);
  assert.equal(noSource.status, 1);
  assert.match(
    noSource.stderr,
    /^.*ann\.ipynb, cells\[3\] \(mean\) has no solution, expected one between .*\n$/,
  );
  const noFolder = grading([handedIn, '--assignment', source, '--out', source]);
  assert.equal(noFolder.status, 1);
  assert.match(noFolder.stderr, /^the gradebook .*means\.ipynb\/gradebook\.sqlite: .*\n$/);
});

test('on a queue, other machines give the same gradebook', { skip: noServer }, async (t) => {
  const server = await TestServer.start();
  t.after(() => server.remove());
  const worker = spawn(
    process.execPath,
    ['-r', './scripts/typescript.js', 'scripts/jobs/main.ts', '--queue', server.url, '--jobs', '1'],
    { cwd: root, stdio: 'ignore' },
  );
  t.after(() => worker.kill('SIGKILL'));
  const args = [handedIn, '--assignment', source, '--seed', '1'];
  const here = grading(args);
  const there = grading([...args, '--queue', server.url]);
  assert.equal(there.status, 0, there.stderr);
  const booked = [here, there].map(({ out }) => {
    const book = new Gradebook(files(out).gradebook);
    const submissions = book.submissions('means');
    book.close();
    return submissions;
  });
  assert.equal(booked[0].length, 1);
  assert.deepEqual(booked[1], booked[0]);
  const tables = [here, there].map(({ out }) => readFileSync(files(out).grades, 'utf8'));
  assert.equal(tables[1], tables[0]);
  await server.stop('SIGTERM');
  const away = grading([...args, '--queue', server.url]);
  assert.deepEqual(
    [away.status, away.stderr],
    [1, `there is no queue at ${server.url}: no server listens there (ECONNREFUSED)\n`],
  );
});
