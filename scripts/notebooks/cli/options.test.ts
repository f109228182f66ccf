import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../commandLine';
import { DEFAULTS, parseOptions } from './options';

test('defaults', () => {
  const options = parseOptions(['test']);
  assert.deepEqual(options.paths, []);
  assert.equal(options.jobs, DEFAULTS.jobs);
  assert.equal(options.timeoutSeconds, 120);
  assert.equal(options.repeat, 1);
  assert.equal(options.retries, 0);
  assert.equal(options.compare, true);
});

test('values, with units', () => {
  const options = parseOptions([
    'test',
    'a.ipynb',
    '--timeout=2m',
    '--startup-timeout',
    '1500ms',
    '--memory-limit',
    '1.5GB',
    '--shard',
    '2/3',
    '-j',
    '4',
    '--grep',
    'POOL',
    '--param',
    'epochs=2',
    '--param',
    'name=a=b c',
    '--tolerance',
    '1e-3',
    'folder',
  ]);
  assert.deepEqual(options.paths, ['a.ipynb', 'folder']);
  assert.equal(options.timeoutSeconds, 120);
  assert.equal(options.startupSeconds, 1.5);
  assert.equal(options.memoryBytes, 1.5 * 2 ** 30);
  assert.deepEqual(options.shard, { index: 2, count: 3 });
  assert.equal(options.jobs, 4);
  assert.ok(options.grep?.test('notebooks/03-pooling.ipynb'));
  assert.deepEqual(
    [...options.parameters],
    [
      ['epochs', '2'],
      ['name', 'a=b c'],
    ],
  );
  assert.equal(options.tolerance, 1e-3);
});

test('--types-only is a command of its own', () => {
  assert.equal(parseOptions(['test', '--types-only']).command, 'types');
});

for (const [args, sentence] of [
  [[], /expected test, update, clean or seeds as the first word, got nothing/],
  [['fly'], /got fly/],
  [['test', '--fly'], /^unknown option --fly \(--help lists all options\)$/],
  [['test', '--jobs'], /^--jobs needs a value$/],
  [['update', ''], /^a path is empty, expected a notebook or a folder$/],
  [['test', '--grep', ''], /^--grep needs a value, it is empty$/],
  [['test', '--report='], /^--report needs a value, it is empty$/],
  [['test', '--jobs', '0'], /^--jobs is '0', expected a whole number of at least 1$/],
  [['test', '--jobs', '1.5'], /^--jobs is '1\.5'/],
  [['test', '--quiet=yes'], /^--quiet takes no value$/],
  [
    ['test', '--timeout', '5 hours'],
    /^--timeout is '5 hours', expected seconds above 0, such as 90, 500ms or 2m$/,
  ],
  [['test', '--timeout', '0'], /--timeout is '0'/],
  [['test', '--memory-limit', 'much'], /--memory-limit is 'much', expected a size such as 800MB or 2GB/],
  [['test', '--shard', '3/2'], /--shard is '3\/2', expected i\/n with 1 ≤ i ≤ n/],
  [['test', '--shard', '0/2'], /--shard is '0\/2'/],
  [['test', '--grep', '('], /--grep is not a regular expression/],
  [['test', '--param', 'epochs'], /--param is 'epochs', expected name=value/],
  [['test', '--param', 'a=1', '--param', 'a=2'], /--param a is given twice/],
  [['test', '--tolerance', '-1'], /--tolerance/],
  [['test', '--tolerance=-1'], /--tolerance is '-1', expected a number of at least 0/],
  [['test', '--watch', '--json'], /--watch never ends, so it cannot be combined with --json/],
  [['test', '--types-only', '--param', 'a=1'], /^--types-only runs nothing, so it takes no --param$/],
  [['test', '--against', 'other', '--jobs', '2'], /^--against runs nothing, so it takes no --jobs$/],
  [['test', '--against', 'other', '--types-only'], /contradict/],
  [['update', '--against', 'other'], /^notebooks:update takes no --against$/],
  [['clean', '--keep', 'kept'], /^notebooks:clean takes no --keep$/],
  [['update', '--repeat', '2'], /^notebooks:update takes no --repeat$/],
  [['update', '--param', 'a=1'], /^notebooks:update takes no --param$/],
  [['seeds', '--keep', 'kept'], /^notebooks:seeds takes no --keep$/],
  [['clean', '--jobs', '2'], /^notebooks:clean takes no --jobs$/],
] as const) {
  test(`one sentence for: ${args.join(' ') || 'nothing'}`, () => {
    assert.throws(
      () => parseOptions(args),
      (error: Error) =>
        error instanceof UsageError && sentence.test(error.message) && !error.message.includes('\n'),
    );
  });
}
