/** Who stands where on the board, and what the class gets to see of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JSDOM } from 'jsdom';
import type { MeasuredNetwork } from '../grade/job';
import { boardPage, boardTables, hasBoard, placesOf } from './board';
import type { BookedAssignment, BookedSubmission } from './booked';

function handedIn(student: string, ...networks: readonly (MeasuredNetwork | undefined)[]): BookedSubmission {
  return {
    student: { id: student, lastName: '', firstName: '', email: '' },
    questions: networks.map((network) => ({ ...(network && { network }) })),
  } as unknown as BookedSubmission;
}

function network(parameters: number, ...accuracies: readonly number[]): MeasuredNetwork {
  return { parameters, multiplyAdds: 10 * parameters, accuracies };
}

const submissions = [
  handedIn('large', network(9000, 0.96, 0.97, 0.98)),
  handedIn('small', network(5000, 0.98, 0.96, 0.97)),
  handedIn('best', network(15_000, 0.99, 0.98, 0.97), network(10_000, 0.97, 0.97, 0.99)),
  handedIn('last', network(1000, 0.9, 0.9, 0.9), undefined),
  handedIn('too large', network(20_001, 1, 1, 1)),
  handedIn('nothing', undefined),
];

test('equal accuracies share a place, the smaller network first, and each student stands once', () => {
  const places = (most: number) => placesOf(submissions, most).map(({ rank, student }) => [rank, student]);
  assert.deepEqual(places(10_000), [
    [1, 'best'],
    [2, 'small'],
    [2, 'large'],
    [4, 'last'],
  ]);
  assert.equal(placesOf(submissions, 10_000)[0].network.parameters, 10_000);
  assert.equal(placesOf(submissions, 20_000)[0].network.parameters, 15_000);
  assert.deepEqual(places(999), []);
});

test('the board of the class has the numbers and no names', () => {
  const page = boardPage({ title: 'Networks' } as BookedAssignment, submissions);
  const { document } = new JSDOM(page).window;
  const rows = [...document.querySelectorAll('table')].map((table) =>
    [...table.querySelectorAll('tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map((cell) => cell.textContent),
    ),
  );
  assert.equal(rows.length, 2);
  assert.deepEqual(rows[0][1], ['2', '97.00 %', '96.00 % … 98.00 %', '5,000', '50,000']);
  for (const { student } of submissions) assert.doesNotMatch(page, new RegExp(`>${student.id}<`));
});

test('the teacher’s tables name the students, as text', () => {
  const [table] = boardTables([handedIn('<b>ann</b>', network(10, 0.5))], true).slice(1);
  assert.match(table.text, /&#60;b&#62;ann/);
  assert.equal(hasBoard([handedIn('bob', undefined)]), false);
  assert.deepEqual(boardTables([handedIn('bob', undefined)], true), []);
});
