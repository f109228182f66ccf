import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JSDOM } from 'jsdom';
import type { Assignment, AssignmentCell, Question } from '../assignment/assignment';
import type { BookedQuestion, BookedSubmission } from '../gradebook/booked';
import { feedbackNotebook } from './notebook';
import { feedbackPage } from './page';

const hiddenTests = 'check(half);\n// BEGIN HIDDEN TESTS\nhiddenTests(half, secret);\n// END HIDDEN TESTS';
const cells: readonly Omit<AssignmentCell, 'position' | 'handedOut'>[] = [
  { type: 'markdown', role: 'prose', source: '# Halves\n\nA *half* is <b>not</b> a double.' },
  { type: 'code', role: 'given', source: 'const two = 2;' },
  {
    type: 'code',
    role: 'solution',
    gradeId: 'half-code',
    source: '// BEGIN SOLUTION\nconst half = (x) => x / two; // reference\n// END SOLUTION',
  },
  { type: 'code', role: 'tests', gradeId: 'half', source: hiddenTests },
  { type: 'markdown', role: 'manual', gradeId: 'why', source: 'The reference answer.' },
];
const asked = {
  solutions: [],
  program: [],
  answer: '',
  declaredIn: '',
  forbidden: [],
  partial: false,
  mutants: [],
};
const assignment: Assignment = {
  name: 'halves',
  title: 'Halves',
  cells: cells.map((cell, position) => ({
    ...cell,
    position,
    handedOut: cell.role === 'tests' ? 'check(half);' : cell.source,
  })),
  questions: [
    { ...asked, id: 'half', title: 'Half', points: 6, kind: 'function' },
    { ...asked, id: 'why', title: 'Why', points: 4, kind: 'manual' },
  ] satisfies Question[],
  points: 10,
};

const half: BookedQuestion = {
  ...{ id: 'half', title: 'Half', kind: 'function', points: 2, byHand: false, max: 6, state: 'partly' },
  ...{ message: 'With 3, the result is 2 too large.', right: 1, cases: 3, comment: 'Look at odd numbers.' },
};
const why: BookedQuestion = {
  ...{ id: 'why', title: 'Why', kind: 'manual', points: 0, byHand: false, max: 4, state: 'manual' },
  ...{ message: '', right: 0, cases: 0, comment: '' },
};
const submission: BookedSubmission = {
  student: { id: 'ann', firstName: 'Ann', lastName: 'Lee', email: '' },
  file: 'ann.ipynb',
  hash: 'abc',
  submitted: '2026-11-20T10:00:00.000Z',
  problems: [],
  notes: {},
  answers: { 'half-code': 'const half = (x) => x - 1;', why: 'Because.' },
  questions: [half, why],
  comments: { 'half-code': 'A good name.' },
  ...{ raw: 2, penalty: 0.5, score: 1.5, max: 10 },
};

function open(changed: BookedSubmission = submission) {
  const dom = new JSDOM(feedbackPage(assignment, changed), { runScripts: 'dangerously' });
  const all = (selector: string) => [...dom.window.document.querySelectorAll(selector)];
  return {
    all,
    texts: (selector: string) => all(selector).map(({ textContent }) => textContent?.trim()),
    dom,
  };
}

test('the page shows the points, the own answers, what was measured, and comments beside their cells', () => {
  const { all, texts } = open();
  assert.deepEqual(texts('header p'), [
    'Ann Lee · handed in 2026-11-20 10:00:00 UTC',
    '1.5 of 10 points, that is 2 less 0.5 for handing in late; 4 of them are not graded yet',
  ]);
  assert.deepEqual(texts('.questions tbody tr'), ['Half2 / 6partly right', 'Why– / 4not graded yet']);
  assert.match(texts('.answer')[0] ?? '', /const half = \(x\) => x - 1;/);
  assert.match(texts('.answer')[1] ?? '', /Because\./);
  assert.match(texts('.check')[0] ?? '', /2 of 6 points · 1 of 3 inputs right.*2 too large/);
  const rowOf = (comment: Element) => comment.closest('.row')?.querySelector('.body')?.textContent ?? '';
  const [first, second] = all('.comment');
  assert.match(first.textContent ?? '', /A good name/);
  assert.match(rowOf(first), /x - 1/);
  assert.match(second.textContent ?? '', /Look at odd numbers/);
  assert.match(rowOf(second), /2 too large/);
});

test('every question of the table leads to its check', () => {
  const { all } = open();
  const ids = new Set(all('[id]').map(({ id }) => `#${id}`));
  const links = all('.questions a').map((link) => link.getAttribute('href') ?? '');
  assert.deepEqual(links, ['#half', '#why']);
  assert.ok(links.every((link) => ids.has(link)));
});

test('points by hand replace the computed ones, and say so', () => {
  const byHand = { ...half, points: 6, byHand: true };
  const { texts } = open({ ...submission, questions: [byHand, { ...why, points: 3, byHand: true }] });
  assert.deepEqual(texts('.check .badge'), ['partly right', 'graded by hand']);
  assert.match(texts('.check')[0] ?? '', /6 of 6 points, given by hand/);
});

test('neither page nor notebook contains the reference solution or the hidden tests', () => {
  for (const text of [feedbackPage(assignment, submission), feedbackNotebook(assignment, submission)]) {
    assert.doesNotMatch(text, /reference|secret|hiddenTests|BEGIN/);
    assert.match(text, /check\(half\)/);
  }
});

test('what was found about a cell stands below it', () => {
  const note = 'This cell was changed <b>.';
  const changed = { ...submission, notes: { half: note } };
  const { all, texts } = open(changed);
  assert.deepEqual(texts('.row .note'), [note]);
  assert.match(all('.row .note')[0].closest('.row')?.textContent ?? '', /2 too large/);
  assert.match(feedbackNotebook(assignment, changed), /> This cell was changed &#60;b&#62;\./);
  assert.deepEqual(open().texts('.note'), []);
});

test('an answer that is missing is said to be', () => {
  const without = { ...submission, answers: {} };
  assert.match(open(without).texts('.answer')[0] ?? '', /This cell is missing/);
  assert.match(feedbackNotebook(assignment, without), /This cell is missing/);
});

test('whatever a student wrote is text: nothing runs, nothing is loaded, nothing leads to a script', () => {
  const evil =
    '"><script>document.title="hacked"</script><img src=x onerror="document.title=1">\n\n![p](http://x.y/z.png)\n\n[l](javascript:alert(1))\n\n<style>*{display:none}</style>';
  const student = { ...submission.student, id: evil, firstName: evil, lastName: evil };
  const hostile = {
    ...submission,
    student,
    problems: [evil],
    answers: { 'half-code': evil, why: evil },
    questions: [
      { ...half, message: evil, comment: evil },
      { ...why, message: evil, comment: evil },
    ],
  };
  const { all, dom, texts } = open(hostile);
  assert.doesNotMatch(dom.window.document.title, /^hacked$|^1$/);
  assert.deepEqual(all('script, img, iframe, object, embed, link, base, form, [onerror], [onload]'), []);
  assert.equal(all('style').length, 1);
  assert.ok(all('a').every((link) => /^#|^http:/.test(link.getAttribute('href') ?? '')));
  assert.match(texts('.comment')[1] ?? '', /<script>document\.title/);
  const { cells: written } = JSON.parse(feedbackNotebook(assignment, hostile)) as {
    cells: { cell_type: string; source: string; id: string }[];
  };
  const own = [evil, 'The reference answer.'];
  const ours = written.filter(({ cell_type, source }) => cell_type === 'markdown' && !own.includes(source));
  assert.ok(ours.slice(0, 1).every(({ source }) => !source.includes('<script')));
  assert.ok(
    ours.filter(({ source }) => source.startsWith('>')).every(({ source }) => !/<script|!\[/.test(source)),
  );
});

const withAnswer = (source: string) =>
  open({ ...submission, answers: { ...submission.answers, why: source } });

test('formulas are set as MathML, and code with dollars is code', () => {
  const { texts, all } = withAnswer(
    'A size $n_1 * k_2$ and\n\n$$\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix} = \\mathbf{x}$$\n\nfor `$a$`, $5 or $6.',
  );
  assert.deepEqual(
    all('.answer math').map((math) => math.getAttribute('display')),
    [null, 'block'],
  );
  assert.deepEqual(
    [...all('.answer math')[0].querySelectorAll('msub')].map(({ textContent }) => textContent),
    ['n1', 'k2'],
  );
  assert.equal(all('.answer math')[1].querySelectorAll('mtr').length, 2);
  assert.match(texts('.answer math')[1] ?? '', /𝐱/);
  assert.deepEqual(all('.answer em'), []);
  assert.match(texts('.answer')[1] ?? '', /for \$a\$, \$5 or \$6\./);
});

for (const [what, tex] of [
  ['is no TeX', String.raw`\frac{1}{ <b>`],
  ['links', String.raw`\href{javascript:alert(1)}{x}`],
  ['links by \\url', '\\url{javascript:alert(1)}'],
  ['links to a label', String.raw`\label{x}\ref{x}`],
  ['has data', String.raw`\htmlData{a=b}{x}`],
  ['has data of the page', String.raw`\data{a=b}{x}`],
  ['has an id', String.raw`\id{half}{x}`],
  ['has a style', String.raw`\style{position:fixed}{x}`],
  ['has a class', String.raw`\class{total}{x}`],
  ['has a colour that loads', String.raw`\color{red;background:url(//x.y)}x`],
  ['loads a picture', String.raw`\includegraphics{http://x.y/z.png}`],
  ['expands for ever', String.raw`\def\a{\a\a}\a`],
  ['doubles at each step', String.raw`\edef\a{xx}${String.raw`\edef\a{\a\a}`.repeat(40)}\a`],
  ['multiplies its arguments', String.raw`\def\a#1{#1#1#1#1}${String.raw`\a{`.repeat(30)}x${'}'.repeat(30)}`],
  ['is longer than a screen', '{'.repeat(2001)],
] as const) {
  test(`a formula that ${what} stands as it was written`, () => {
    const { all, texts } = withAnswer(`$${tex}$`);
    assert.deepEqual(texts('.answer code.formula'), [tex]);
    assert.deepEqual(all('.answer math, .answer a, .answer img, .answer b'), []);
  });
}

test('what a formula shifts is not painted outside of it', () => {
  const { all, dom } = withAnswer(String.raw`$\kern{-500em}
aisebox{90em}{	ext{100 of 100 points}}$`);
  for (const one of all('.answer .formula')) {
    assert.match(dom.window.getComputedStyle(one).overflow, /^(clip|auto)/);
  }
});

test('formulas take no longer the more of them there are, and none changes another', () => {
  const { all } = withAnswer(
    `$\\gdef\\frac{y}$ $\\frac{1}{2}$ ${'$x$ '.repeat(5000)} [link](http://x.y "$x$")`,
  );
  assert.equal(all('.answer mfrac').length, 1);
  assert.equal(all('.answer math').length, 300);
  assert.equal(all('.answer a')[0].textContent, 'link');
});

test('a formula in the title of a link stays inside of it', () => {
  const { all } = withAnswer('[link](http://x.y "$x$") and [other](http://x.y/$a$ "b")');
  assert.deepEqual(
    all('.answer a').map(({ textContent }) => textContent),
    ['link', 'other'],
  );
  assert.deepEqual(all('.answer .formula'), []);
});

test('the notebook holds the same, in cells of its own after each answer', () => {
  const { cells: written, nbformat } = JSON.parse(feedbackNotebook(assignment, submission)) as {
    cells: { id: string; cell_type: string; source: string }[];
    nbformat: number;
  };
  assert.equal(nbformat, 4);
  assert.equal(new Set(written.map(({ id }) => id)).size, written.length);
  const sources = written.map(
    ({ cell_type, source }) => `${cell_type[0]} ${source.split('\n')[0].slice(0, 40)}`,
  );
  assert.deepEqual(sources, [
    'm # Halves',
    'm # Halves',
    'c const two = 2;',
    'c const half = (x) => x - 1;',
    'm > **Your teacher:** A good name.',
    'c check(half);',
    'm > **partly right**: 2 of 6 points, 1 of ',
    'm > **Your teacher:** Look at odd numbers.',
    'm Because.',
    'm > **not graded yet**: of 4 points',
  ]);
});
