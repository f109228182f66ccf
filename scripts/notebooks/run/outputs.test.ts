import assert from 'node:assert/strict';
import { test } from 'node:test';
import { header } from '../../kernel/wire';
import { CellOutputs, OutputCollector } from './outputs';

function collect(...messages: [type: string, content: Record<string, unknown>, cell?: number][]) {
  const collector = new OutputCollector();
  const cells = [new CellOutputs(), new CellOutputs()];
  for (const [type, content, cell = 0] of messages) {
    collector.take({ header: header(type, '', ''), content }, cells[cell]);
  }
  return cells.map((cell) => cell.all);
}

const stdout = (text: string) => ({ output_type: 'stream', name: 'stdout', text });
const stderr = (text: string) => ({ output_type: 'stream', name: 'stderr', text });
const shown = (text: string) => ({ output_type: 'display_data', data: { 'text/plain': text }, metadata: {} });
const display = (text: string, id?: string) => ({
  data: { 'text/plain': text },
  metadata: {},
  transient: id ? { display_id: id } : {},
});

test('the chunks of a stream are joined, and streams keep their order', () => {
  const [cell] = collect(
    ['stream', { name: 'stdout', text: 'a' }],
    ['stream', { name: 'stdout', text: 'b\n' }],
    ['stream', { name: 'stderr', text: 'c\n' }],
    ['stream', { name: 'stdout', text: 'd\n' }],
  );
  assert.deepEqual(cell, [stdout('ab\n'), stderr('c\n'), stdout('d\n')]);
});

test('an update changes every display with its id, whichever cell it is in', () => {
  const cells = collect(
    ['display_data', display('1', 'x')],
    ['display_data', display('other')],
    ['display_data', display('1', 'x'), 1],
    ['update_display_data', display('2', 'x'), 1],
    ['update_display_data', display('3', 'unknown'), 1],
  );
  assert.deepEqual(cells, [[shown('2'), shown('other')], [shown('2')]]);
});

test('a display that is replaced by nothing leaves no trace', () => {
  const [cell] = collect(
    ['stream', { name: 'stdout', text: 'a\n' }],
    ['display_data', display('half done', 'x')],
    ['stream', { name: 'stdout', text: 'b\n' }],
    ['update_display_data', { data: {}, metadata: {}, transient: { display_id: 'x' } }],
  );
  assert.deepEqual(cell, [stdout('a\nb\n')]);
});

test('every output counts against the limit, an error with its message and stack', () => {
  const cell = new CellOutputs();
  const collector = new OutputCollector();
  const take = (type: string, content: Record<string, unknown>) => {
    const before = cell.bytes;
    collector.take({ header: header(type, '', ''), content }, cell);
    return cell.bytes - before;
  };
  assert.equal(take('stream', { name: 'stdout', text: 'four' }), 4);
  assert.equal(take('display_data', display('four')), 4);
  assert.equal(take('error', { ename: 'Error', evalue: 'four', traceback: ['at', 'once'] }), 15);
});

test('clear_output clears now, or with the next output', () => {
  assert.deepEqual(
    collect(['stream', { name: 'stdout', text: 'a' }], ['clear_output', { wait: false }])[0],
    [],
  );
  const waiting: [string, Record<string, unknown>][] = [
    ['stream', { name: 'stdout', text: 'a' }],
    ['clear_output', { wait: true }],
  ];
  assert.deepEqual(collect(...waiting)[0], [stdout('a')]);
  assert.deepEqual(collect(...waiting, ['display_data', display('b')])[0], [shown('b')]);
});
