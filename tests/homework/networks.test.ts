/**
 * A network is handed in, from the notebook to the board: described in the sandbox, trained and measured by the grader,
 * booked, told in the feedback and ranked. Whatever else is described is not trained.
 */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { JSDOM } from 'jsdom';
import { mean, percent } from 'convlab';
import { readAssignment } from '../../scripts/homework/assignment/read';
import { gradeSubmission } from '../../scripts/homework/grade/grade';
import { inProcess } from '../../scripts/homework/gradebook/testdata/inProcess';
import type { QuestionState, SandboxName } from '../../scripts/homework/grade/job';
import type { BookedQuestion } from '../../scripts/homework/gradebook/booked';
import { Gradebook } from '../../scripts/homework/gradebook/gradebook';
import { gradeSubmissions } from '../../scripts/homework/gradebook/grading';
import { files, writeOutputs } from '../../scripts/homework/gradebook/outputs';
import { whyNot } from '../../scripts/homework/sandbox/choose';
import { folder, limits, notebookText, solution, solved, tests, written, type Cell } from './assignment';

after(() => rmSync(folder, { recursive: true, force: true }));

const head = 'function tiny(): NetworkEntry';
const scores = `{ kind: 'dense', units: 10, activation: 'linear' }`;
const pooled = `[{ kind: 'avgPool', size: 7 }, ${scores}]`;
const training = `{ optimizer: 'adam', learningRate: 0.05, batchSize: 128 }`;
const entry = (layers: string, more = ''): string =>
  `${head} { return { layers: ${layers}, training: ${training}${more} } as any; }`;

const cells: readonly Cell[] = [
  { cell_type: 'markdown', metadata: {}, source: '# A small network' },
  {
    cell_type: 'code',
    metadata: {},
    source: `import type { NetworkEntry } from 'convlab';\nimport { checkNetwork } from 'convlab';`,
  },
  solution('tiny', solved(head, `return { layers: ${pooled}, training: ${training} };`)),
  tests(
    'tiny-tests',
    'checkNetwork(tiny, { parameters: 500, multiplyAdds: 1000 });',
    `import { hiddenTests } from 'convlab';
hiddenTests(tiny, { network: { parameters: 500, multiplyAdds: 1000, accuracies: [0.3, 0.999] } });`,
  ),
];
const assignment = join(folder, 'tiny.ipynb');
writeFileSync(assignment, notebookText(cells));

interface HandedIn {
  readonly source: string;
  readonly state: QuestionState;
  readonly points: number;
  readonly says: RegExp;
}

const refused = (source: string, says: RegExp, state: QuestionState = 'wrong'): HandedIn => ({
  ...{ source, says, state },
  points: 0,
});
const measured = (source: string): HandedIn => ({
  ...{ source, state: 'partly', points: 5 },
  says: /^170 parameters and 160 multiply-adds for an image; the accuracy on the test images is .* The next step is 99\.90 %\.$/,
});

const handedIn: Readonly<Record<string, HandedIn>> = {
  honest: measured(entry(pooled)),
  twin: measured(entry(`[{ size: 7, kind: 'avgPool' }, ${scores}]`)),
  dead: {
    // Its scores cannot be below 0, and with this rate soon none is above.
    source: `${head} { return { layers: [{ kind: 'avgPool', size: 14 }, { kind: 'dense', units: 10, activation: 'sigmoid' }], training: { optimizer: 'sgd', learningRate: 1e-6, batchSize: 512 } }; }`,
    state: 'wrong',
    points: 0,
    says: /^50 parameters and 40 multiply-adds .* The next step is 30\.00 %\.$/,
  },
  diverging: refused(
    entry(
      `[{ kind: 'avgPool', size: 7 }, ${`{ kind: 'dense', units: 8, activation: 'linear' }, `.repeat(2)}${scores}]`,
    )
      .replace('0.05', '10')
      .replace('adam', 'sgd'),
    /^Its training breaks off: NaN or infinite numbers in epoch 1, batch \d+, first in the output of layer dense/,
  ),
  unwritten: refused(
    `${head} {\n  throw new Error('not written yet');\n}`,
    /^Not written yet\.$/,
    'not written',
  ),
  large: refused(entry(`[${scores}]`), /^It has 7850 parameters, 7350 over the budget of 500/),
  slow: refused(
    entry(`[{ kind: 'conv', filters: 2, kernel: 2 }, { kind: 'maxPool', size: 13 }, ${scores}]`),
    /^It has 5912 multiply-adds for an image, 4912 over the budget of 1000/,
  ),
  'not a number': refused(
    entry(`[{ kind: 'avgPool', size: NaN }, ${scores}]`),
    /^layers\[0\]: size is NaN, expected/,
  ),
  negative: refused(
    entry(`[{ kind: 'conv', filters: -4, kernel: 3 }, ${scores}]`),
    /^layers\[0\]: filters is -4, expected/,
  ),
  huge: refused(entry(`[{ kind: 'dense', units: 1e9 }, ${scores}]`), /^layers\[0\]: units is 1000000000/),
  unknown: refused(
    entry(`[{ kind: 'lstm', units: 4 }, ${scores}]`),
    /^layers\[0\]: kind is 'lstm', expected/,
  ),
  'no scores': refused(entry(`[{ kind: 'avgPool', size: 7 }]`), /expected a dense layer of 10 units/),
  'many layers': refused(
    entry(`[...Array.from({ length: 5000 }, () => ({ kind: 'maxPool', size: 1 })), ...${pooled}]`),
    /^It has 5002 layers, expected at most 20\.$/,
  ),
  'no list': refused(entry('{ length: 2 }'), /^layers is .*, expected a list of layers/),
  'trained weights': refused(
    entry(pooled, ', weights: [[0.1, 0.2], [0.3]]'),
    /^The answer: there is no option 'weights', expected layers, training\.$/,
  ),
  'weights in a layer': refused(
    entry(
      `[{ kind: 'avgPool', size: 7 }, { kind: 'dense', units: 10, activation: 'linear', weights: [1, 2] }]`,
    ),
    /^layers\[1\]: there is no option 'weights'/,
  ),
  'more passes': refused(
    `${head} { return { layers: ${pooled}, training: { ...${training}, epochs: 100 } } as any; }`,
    /^training: there is no option 'epochs'/,
  ),
  // Read once, in the sandbox: what comes out is data, whatever it says the next time.
  getter: refused(
    entry(
      `[{ kind: 'avgPool', size: 7 }, { kind: 'dense', get units() { return 1e9; }, activation: 'linear' }]`,
    ),
    /^layers\[1\]: units is 1000000000/,
  ),
  proxy: refused(
    entry(`new Proxy([], { get: () => { throw new Error('<b>no</b>'); } })`),
    /throws “<b>no<\/b>”/,
    'failed',
  ),
  'a score': refused(
    `${head} { return { passed: true, points: 10, accuracy: 1 } as any; }`,
    /no option 'passed'/,
  ),
  'a promise': refused(
    `async ${head.replace('NetworkEntry', 'Promise<any>')} { return {}; }`,
    /^The answer is a Promise: remove the async/,
  ),
};

function notebookOf(source: string): string {
  const all = cells.map((cell) => {
    const isSolution = cell.metadata.nbgrader?.solution === true;
    return { ...cell, source: isSolution ? source : cell.source.replace(/\/\/ BEGIN HIDDEN[^]*$/, '') };
  });
  return written(notebookText(all));
}

for (const sandbox of ['bubblewrap', 'node'] as const) {
  describe(`networks in the sandbox ${sandbox}`, async () => {
    const reason = await whyNot(sandbox);
    const skip = reason === undefined ? false : `NOT TESTED: ${reason}`;

    test('from the notebook to the board', { skip }, async () => {
      const out = join(folder, sandbox);
      const { book, name } = await graded(out, sandbox);
      const booked = book.submissions(name);
      const [question] = booked[0].questions;
      assert.equal(question.kind, 'network');
      for (const [student, { state, points, says }] of Object.entries(handedIn)) {
        const found = booked.find((one) => one.student.id === student)?.questions[0] as BookedQuestion;
        assert.match(found.message, says, student);
        assert.deepEqual([found.state, found.points, found.max], [state, points, 10], student);
        const isTrained = student === 'honest' || student === 'twin' || student === 'dead';
        assert.equal(found.network !== undefined, isTrained, student);
      }
      const { network } = booked.find(({ student }) => student.id === 'honest')
        ?.questions[0] as BookedQuestion;
      assert.equal(network?.accuracies.length, 3);
      assert.ok(new Set(network.accuracies).size > 1, 'each seed has its own');

      const places = files(out);
      const accuracy = percent(mean(network.accuracies));
      const feedback = readFileSync(join(places.feedback('honest', name), `${name}.html`), 'utf8');
      assert.ok(feedback.includes(`the accuracy on the test images is ${accuracy}`));
      const rowsOf = (file: string) =>
        [...new JSDOM(readFileSync(file, 'utf8')).window.document.querySelectorAll('.board tbody')].map(
          (body) =>
            [...body.querySelectorAll('tr')].map((row) => {
              const texts = [...row.querySelectorAll('td')].map(({ textContent }) => textContent);
              return [texts[0], texts[1], ...texts.slice(3)];
            }),
        );
      const [small, large] = rowsOf(places.summary(name));
      assert.deepEqual(small, large);
      assert.deepEqual(small.slice(0, 2), [
        ['1', accuracy, '170', '160', 'honest'],
        ['1', accuracy, '170', '160', 'twin'],
      ]);
      assert.deepEqual([small[2][0], small[2][4], small.length], ['3', 'dead', 3]);
      assert.deepEqual(rowsOf(places.board(name))[0][0], ['1', accuracy, '170', '160']);
      book.close();
    });

    test('one that never ends is stopped, and nothing is trained', { skip }, async () => {
      const submission = notebookOf(`${head} { for (;;); }`);
      const job = { assignment, submission, student: 'endless', seed: 7, sandbox };
      const { questions } = await gradeSubmission({ ...job, limits: { ...limits, questionSeconds: 5 } });
      assert.deepEqual(
        [questions[0].state, questions[0].points, questions[0].network],
        ['too long', 0, undefined],
      );
      assert.match(questions[0].message, /`tiny` takes more than 5 seconds/);
    });
  });
}

async function graded(out: string, sandbox: SandboxName): Promise<{ book: Gradebook; name: string }> {
  const read = await readAssignment(assignment);
  const book = new Gradebook(files(out).gradebook);
  book.putAssignment(read, assignment, 7);
  const submissions = Object.entries(handedIn).map(([student, { source }]) => ({
    student,
    file: notebookOf(source),
    problems: [],
  }));
  const { failures } = await gradeSubmissions({
    ...{ book, assignment: read.name, source: assignment, submissions, limits, sandbox },
    version: 'test',
    grade: inProcess(gradeSubmission),
  });
  assert.deepEqual(failures, []);
  writeOutputs(out, book, read);
  return { book, name: read.name };
}
