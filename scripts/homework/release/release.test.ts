/** A source notebook is read, proved and released: the assignments, the template of `new`, and sources with a fault. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assignmentOf, readAssignment } from '../assignment/read';
import { readSource } from '../assignment/source';
import { defaultLimits } from '../grade/job';
import { templateNotebook } from '../new/template';
import { chooseSandbox } from '../sandbox/choose';
import { prove } from './proof';
import { notebookText, studentVersion } from './studentVersion';

const folder = mkdtempSync(join(tmpdir(), 'convlab-release-'));
after(() => rmSync(folder, { recursive: true }));

const sources = join(__dirname, '../../../notebooks/homework/source');
const first = join(sources, '1-output-sizes-and-convolution.ipynb');

// Computed by nbgrader 0.9.5, nbgrader.utils.compute_checksum.
const CHECKSUMS = [
  ['imports', 'a9c63b569fbe634c0b4986aea3896ec7'],
  ['mean', '6b42fcb067ac1d458126484f1e06455c'],
  ['test-mean', '4c683f1b6d40d15ecfe0a5f4c2aec76e'],
  ['sizes', 'a3863fd7ebc237bfefe91a4b3f29078f'],
  ['test-sizes', '44ce12d435e9590bba296e671b5e44e1'],
  ['words', '827ede21d6f12b9bc37223f56ba33e5d'],
];

function template(change?: (text: string) => string): string {
  const file = join(folder, 'source.ipynb');
  const before = notebookText(templateNotebook('Assignment 9'));
  const changed = change ? change(before) : before;
  if (change) assert.notEqual(changed, before);
  writeFileSync(file, changed);
  return file;
}

async function faultsOf(file: string): Promise<string[]> {
  const source = readSource(file);
  const assignment = await assignmentOf(source);
  const { name } = await chooseSandbox();
  // A machine that runs all tests at once is slow, and no assignment is wrong for that.
  const limits = { ...defaultLimits, questionSeconds: 120, totalSeconds: 600 };
  return prove(source, assignment, studentVersion(source, new Map()), name, limits);
}

test('the assignments of the course have 100 points each, some of them for words', async () => {
  // Beside them a teacher may have others.
  const ofCourse = readdirSync(sources).filter((name) => /^[1-4]-.*\.ipynb$/.test(name));
  assert.equal(ofCourse.length, 4);
  for (const file of ofCourse) {
    const { points, questions } = await readAssignment(join(sources, file));
    assert.equal(points, 100, file);
    assert.ok(questions.some(({ kind }) => kind === 'manual'));
  }
});

for (const file of readdirSync(sources).filter((name) => name.endsWith('.ipynb'))) {
  test(`${file} is proved`, async () => {
    assert.deepEqual(await faultsOf(join(sources, file)), []);
  });
}

test('the students’ version has neither solutions nor hidden tests nor outputs', () => {
  const text = notebookText(studentVersion(readSource(first), new Map([['h1-2', ['outputSize']]])));
  assert.doesNotMatch(text, /BEGIN SOLUTION|HIDDEN|STUB|hiddenTests|dilation \* \(kernel/);
  const { cells } = JSON.parse(text) as {
    cells: { outputs?: unknown[]; metadata: Record<string, unknown> }[];
  };
  assert.ok(cells.every(({ outputs = [] }) => outputs.length === 0));
  assert.deepEqual(
    cells.flatMap(({ metadata }) => metadata.homework ?? []),
    [{ forbidden: ['outputSize'] }],
  );
});

test('the students’ version lists what they answer, and marks what they get without a grade_id', () => {
  const plain = template((text) => {
    const notebook = JSON.parse(text) as { cells: { metadata: { nbgrader?: { grade_id: string } } }[] };
    for (const { metadata } of notebook.cells) {
      if (metadata.nbgrader?.grade_id === 'imports') delete metadata.nbgrader;
    }
    return JSON.stringify(notebook);
  });
  const { metadata, cells } = studentVersion(readSource(plain), new Map());
  assert.deepEqual((metadata as { homework: unknown }).homework, { answers: ['mean', 'sizes', 'words'] });
  assert.deepEqual(
    cells.flatMap((cell) => cell.metadata?.homework ?? []),
    [{ given: true }],
  );
});

test('checksums are nbgrader’s', () => {
  const { cells } = studentVersion(readSource(template()), new Map());
  const sums = cells.flatMap(({ metadata }) => {
    const nbgrader = metadata?.nbgrader as { grade_id: string; checksum: string } | undefined;
    return nbgrader ? [[nbgrader.grade_id, nbgrader.checksum]] : [];
  });
  assert.deepEqual(sums, CHECKSUMS);
});

test('the template of new is proved', async () => {
  assert.deepEqual(await faultsOf(template()), []);
});

test('a solution that is wrong, and a wrong answer that is right, are told', async () => {
  const same = await faultsOf(
    template((text) =>
      text.replace('wrong: [() => 3', 'wrong: [(values) => values.reduce((a, b) => a + b) / values.length'),
    ),
  );
  assert.equal(same.length, 1);
  assert.match(same[0], /^test-mean: wrong answer 3 gets 8 of 8 points \(passed\)\./);
  const broken = await faultsOf(template((text) => text.replace('wrong: [() => 3', 'wrong: [() => nothing')));
  assert.match(broken.join(), /test-mean: wrong answer 3 gets 0 of 8 points .*ReferenceError/);
});

test('a wrong answer may call the right one', async () => {
  const calling = (wrong: string) =>
    faultsOf(template((text) => text.replace('wrong: [() => 3', `wrong: [${wrong}`)));
  assert.deepEqual(await calling('(values) => mean(values) + 1'), []);
  const [right] = await calling('(values) => mean(values)');
  assert.match(right, /^test-mean: wrong answer 3 gets 8 of 8 points \(passed\)\./);
});

test('a solution that needs what grading does not allow is told', async () => {
  const [forbidden] = await faultsOf(
    template((text) =>
      text
        .replace('let sum = 0;', 'let sum = 0; values.at(0);')
        .replace("forbidden: ['median']", "forbidden: ['at']"),
    ),
  );
  assert.match(
    forbidden,
    /test-mean: the solution gets 0 of 8 points \(forbidden\)\. Line \d uses `values\.at`/,
  );
  const [outside] = await faultsOf(
    template((text) => text.replace('let sum = 0;', 'let sum = 0; setTimeout(() => {}, 0);')),
  );
  assert.match(outside, /test-mean: the solution gets 0 of 8 points .*setTimeout is not defined/);
});

for (const [what, change, message] of [
  [
    'a region that is not closed',
    ['// END SOLUTION', '// END'],
    /cells\[3\] \(mean\): '\/\/ BEGIN SOLUTION' has no/,
  ],
  [
    'an id that is there twice',
    ['"grade_id": "sizes"', '"grade_id": "mean"'],
    /has the grade_id of cells\[3\]/,
  ],
  [
    'tests of nothing',
    ['hiddenTests(mean,', 'hiddenTests(median,'],
    /asks for median, which no cell above declares/,
  ],
  ['points that are missing', ['"points": 8,', ''], /has grade but no points, expected a number/],
  ['another key', ['"task": false', '"tsk": false'], /unknown field 'tsk'/],
  ['another kernel', ['"name": "tslab"', '"name": "python3"'], /its kernel is python3, expected tslab/],
  [
    'code that does not parse',
    ['let sum = 0;', 'let sum = ;'],
    /cells\[3\] \(mean\) is not TypeScript, line 3/,
  ],
] as const) {
  test(`${what}: the error names the cell`, async () => {
    const file = template((text) => text.replace(change[0], change[1]));
    await assert.rejects(readAssignment(file), message);
  });
}
