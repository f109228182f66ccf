/** Tables as spreadsheets save them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { csvRows, readCsv } from './csv';

const folder = mkdtempSync(join(tmpdir(), 'convlab-csv-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'table.csv');

const read = (bytes: Uint8Array) => {
  writeFileSync(file, bytes);
  return readCsv(file, ['id', 'comment']);
};
const rows = [{ id: 'zo\u00eb', comment: 'Sch\u00f6n' }];

test('UTF-8 and UTF-16, with their marks; commas, semicolons and tabs; empty rows are none', () => {
  const text = 'id,comment\r\nzo\u00eb,Sch\u00f6n\r\n,\r\n';
  assert.deepEqual(read(Buffer.from(text)), rows);
  assert.deepEqual(read(Buffer.from(`\ufeff${text.replaceAll(',', ';')}`)), rows);
  const wide = Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le');
  assert.deepEqual(read(wide), rows);
  assert.deepEqual(read(Buffer.from(wide).swap16()), rows);
});

test('a mark that a shell has read in another encoding is left out', () => {
  for (const mark of ['\u00ef\u00bb\u00bf', '\u00b4\u2557\u2510']) {
    assert.deepEqual(read(Buffer.from(`\ufeff${mark}id,comment\nzo\u00eb,Sch\u00f6n\n`)), rows);
  }
});

test('rows have the numbers that a spreadsheet shows', () => {
  writeFileSync(file, 'id,comment\nann,"two\nlines"\n\n,\nbob,x\n');
  assert.deepEqual(
    csvRows(file, ['id', 'comment']).map(({ row, fields }) => [row, fields.id]),
    [
      [2, 'ann'],
      [5, 'bob'],
    ],
  );
});

test('other letters are refused, not guessed', () => {
  assert.throws(() => read(Buffer.from('id,comment\nzo\u00eb,x\n', 'latin1')), {
    message:
      /table\.csv cannot be read: its letters are not in UTF-8; in a spreadsheet, save it as “CSV UTF-8”$/,
  });
});
