import assert from 'node:assert/strict';
import { test } from 'node:test';
import { itemsOf, membersOf, valueOf } from './jsonBytes';
import { submissionOf } from './submission';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const whole = (bytes: Uint8Array) => ({ from: 0, to: bytes.length });

test('the members of an object are found as JSON.parse finds them', () => {
  for (const text of [
    '{}',
    '{"a":1}',
    ' { "a" : [ 1 , {"b":"}]"} ] , "c\\"d" : "\\\\" , "e": -1.5e3, "f":null,"g":true } ',
    '{"a":1,"a":2}',
    '{"ä":"日本 \\ud83d\\ude00"}',
  ]) {
    const bytes = bytesOf(text);
    const { found, isBroken } = membersOf(bytes, whole(bytes));
    const object = Object.fromEntries(found.map(([key, span]) => [key, valueOf(bytes, span)]));
    assert.deepEqual(object, JSON.parse(text));
    assert.equal(isBroken, false);
  }
});

test('the items of a list are found as JSON.parse finds them', () => {
  for (const text of ['[]', '[1]', ' [ "a,]" , [2,[3]] , {"b":[]} , false ] ']) {
    const bytes = bytesOf(text);
    const { found, isBroken } = itemsOf(bytes, whole(bytes));
    assert.deepEqual(
      found.map((span) => valueOf(bytes, span)),
      JSON.parse(text),
    );
    assert.equal(isBroken, false);
  }
});

test('wherever JSON breaks off, what stands before is found', () => {
  const text = '[{"a":"x"},{"b":[1,2]},3]';
  for (let length = 0; length < text.length; length++) {
    const bytes = bytesOf(text.slice(0, length));
    const { found, isBroken } = itemsOf(bytes, whole(bytes));
    assert.ok(isBroken, text.slice(0, length));
    const complete = [10, 22, 24].filter((end) => end <= length).length;
    assert.ok(found.length >= complete, text.slice(0, length));
  }
});

const cell = (id: string | undefined, source: unknown) => ({
  cell_type: 'code',
  metadata: id === undefined ? {} : { nbgrader: { grade_id: id, points: 1000 } },
  outputs: [],
  source,
});
const notebook = (...cells: unknown[]) => bytesOf(JSON.stringify({ nbformat: 4, cells }));

test('solution cells are taken by their ids, as one text or as lines', () => {
  const bytes = notebook(
    cell('a', 'one'),
    cell(undefined, 'own'),
    cell('b', ['two\n', 'lines']),
    cell('tests', 'x'),
  );
  const { sources, others, problems } = submissionOf(bytes, ['a', 'b']);
  assert.deepEqual([...sources], [['a', 'one'], ['b', 'two\nlines']]); // prettier-ignore
  assert.deepEqual(others, ['own']);
  assert.deepEqual(problems, []);
});

test('missing and copied cells are told, and the last copy counts', () => {
  const [one, two] = ['function f() {\n  return 1;\n}', 'const f = () => 2;'];
  const { sources, problems } = submissionOf(notebook(cell('a', one), cell('a', two)), ['a', 'b', 'c']);
  assert.deepEqual([...sources], [['a', two]]);
  assert.deepEqual(problems, [
    'The cell a is there 2 times: the last one is graded, as it is the one that counts when the notebook runs.',
    '2 cells are missing: b, c.',
  ]);
});

test('the pieces of a cell that was split are graded together', () => {
  const pieces = notebook(
    cell('a', 'const total = (x: number[]) => x.length;'),
    cell('b', 'Because'),
    cell('a', 'function mean(x: number[]) {\n  const total = 1;\n  return total;\n}'),
    cell('b', 'of noise.'),
  );
  const { sources, problems } = submissionOf(pieces, ['a', 'b']);
  assert.match(sources.get('a') ?? '', /^const total = .*;\n\nfunction mean/);
  assert.equal(sources.get('b'), 'Because\n\nof noise.');
  assert.deepEqual(
    problems,
    ['a', 'b'].map((id) => `The cell ${id} is there 2 times: they are graded together, in their order.`),
  );
});

test('a source that is none, or too long, is told', () => {
  const { sources, problems } = submissionOf(notebook(cell('a', 7), cell('b', 'x'.repeat(300_000))), [
    'a',
    'b',
  ]);
  assert.equal(sources.size, 0);
  assert.equal(problems.length, 2);
  assert.match(problems[1], /The cell b has no source, or one of more than 200000 bytes\./);
});

test('a byte order mark, and bytes that are not UTF-8, do not matter', () => {
  const text = notebook(cell('a', 'one'));
  const { sources } = submissionOf(Uint8Array.from([0xef, 0xbb, 0xbf, ...text]), ['a']);
  assert.equal(sources.get('a'), 'one');
  const at = text.indexOf('one'.charCodeAt(0), text.length - 10);
  const broken = Uint8Array.from(text);
  broken[at] = 0xff;
  assert.equal(submissionOf(broken, ['a']).sources.get('a'), '\ufffdne');
});
