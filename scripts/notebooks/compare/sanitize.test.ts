import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from '../finding';
import { builtInSanitizers, sanitizer, sanitizers } from './sanitize';

const readSanitizers = (value: unknown) => read(sanitizers, value, 'noise.json');

const clean = (...names: string[]) => sanitizer(readSanitizers(names));

test('durations are replaced, numbers beside them are not', () => {
  const durations = clean('durations');
  assert.equal(durations('epoch 3: 12.5 ms, loss 0.31'), 'epoch 3: DURATION, loss 0.31');
  assert.equal(durations('took 1m 20s in 3 steps'), 'took DURATION in 3 steps');
  assert.equal(durations('0.53s 2 seconds 01:02:03.5'), 'DURATION DURATION DURATION');
  assert.equal(durations('28x28 conv2s 5 samples'), '28x28 conv2s 5 samples');
});

test('dates are replaced in the forms that programs print', () => {
  const dates = clean('dates');
  for (const date of [
    '2026-11-20',
    '2026-11-20T11:34:15.123Z',
    '2026-11-20 11:34:15 UTC',
    '11/20/2026, 11:34:15 AM',
    '20.11.2026, 11:34:15',
    'Fri Nov 20 2026 11:34:15 GMT+0000 (Coordinated Universal Time)',
    'Fri, 20 Nov 2026 11:34:15 GMT',
  ])
    assert.equal(dates(`on ${date} loss 0.5`), 'on DATE loss 0.5', date);
  assert.equal(dates('3/4 of 1.2.3, 28-26'), '3/4 of 1.2.3, 28-26');
});

test('paths are replaced with the line number after them, fractions and web addresses are not', () => {
  const paths = clean('paths');
  assert.equal(paths('at run (/home/ann/lab/x.ts:12:5)'), 'at run (PATH)');
  assert.equal(paths('in C:\\Users\\ann\\x.ts and file:///tmp/a/b'), 'in PATH and PATH');
  assert.equal(paths('1/2 and https://example.org/a/b and a/b'), '1/2 and https://example.org/a/b and a/b');
});

test('addresses and UUIDs', () => {
  assert.equal(clean('addresses')('<Figure at 0x7f3a5c00> 0.5'), '<Figure at ADDRESS> 0.5');
  assert.equal(clean('uuids')('id 550e8400-e29b-41d4-a716-446655440000'), 'id UUID');
});

test('own expressions apply everywhere, in order, with groups', () => {
  const rules = readSanitizers([
    { pattern: String.raw`seed (\d+)`, replace: 'seed N' },
    { pattern: '^RUN (?<name>\\w+) .*$', flags: 'i', replace: 'run $<name>' },
  ]);
  assert.equal(sanitizer(rules)('seed 1 seed 2\nrun a 17\nrun b 18'), 'seed N seed N\nrun a\nrun b');
});

test('a wrong entry is refused, naming its place', () => {
  const message = (value: unknown) => {
    try {
      readSanitizers(value);
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  };
  assert.equal(message({}), 'noise.json is {}, expected a list of sanitizers');
  assert.equal(
    message(['timings']),
    `noise.json[0] is "timings", expected { pattern, replace } or one of ${Object.keys(builtInSanitizers).join(', ')}`,
  );
  const at = 'noise.json[0]';
  assert.equal(
    message([{ pattern: 'a' }]),
    `${at}.replace is missing, expected the text that takes its place`,
  );
  assert.match(
    message([{ pattern: '(', replace: '' }]),
    /^noise\.json\[0\]\.pattern is "\(".*Invalid regular/,
  );
  assert.match(message([{ pattern: 'x*', replace: '' }]), /pattern is "x\*".*does not match the empty text/);
  assert.equal(
    message([{ pattern: 'x', replace: '', with: '' }]),
    `${at}: unknown field 'with', expected pattern, flags, replace`,
  );
  assert.match(message([{ pattern: 'x', replace: '', flags: 'q' }]), /flags/);
});
