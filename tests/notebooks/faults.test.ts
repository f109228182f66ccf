/** Faults outside of notebooks: misbehaving kernels, interrupted runners, simultaneous runs. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FIXTURES, isAlive, leftIn, results, ROOT, runner, startRunner, until, workspace } from './runner';

describe('kernels that misbehave', () => {
  const place = workspace('other/prints.ipynb');
  const environment = { JUPYTER_PATH: place.folder };
  const modes = [
    'dies-at-start',
    'dies-at-first-start',
    'hangs-at-start',
    'forges-replies',
    'aborts-everything',
    'replies-nonsense',
    'never-says-idle',
  ];
  before(() => {
    for (const mode of modes) {
      const folder = join(place.folder, 'kernels', mode);
      mkdirSync(folder, { recursive: true });
      const argv = [process.execPath, join(__dirname, 'fakeKernel.js'), mode, '{connection_file}'];
      writeFileSync(
        join(folder, 'kernel.json'),
        JSON.stringify({ argv, display_name: mode, language: 'none' }),
      );
    }
  });
  after(place.remove);

  const failure = async (mode: string, ...options: string[]) => {
    const run = await results(
      ['test', place.path('prints.ipynb'), '--kernel', mode, ...options],
      environment,
    );
    const { kind, message, cell, detail } = run.of('prints').failures[0];
    return { code: run.code, kind, message, cell, detail };
  };

  test('one that dies at every start: start failed, with its last words', async () => {
    const { code, kind, message, detail } = await failure('dies-at-start');
    assert.deepEqual([code, kind], [1, 'start failed']);
    assert.match(message, /ended before it was ready \(exit code 3\)/);
    assert.match(detail ?? '', /no licence for this kernel/);
  });

  test('one that dies at its first start is started again, with a note', async () => {
    const run = await results(
      ['test', '--no-compare', place.path('prints.ipynb'), '--kernel', 'dies-at-first-start'],
      environment,
    );
    assert.equal(run.code, 0);
    assert.match(run.of('prints').notes[0], /died at start .*exit code 0.* was started again/);
  });

  test('one that hangs at start: start failed, after the limit', async () => {
    const { kind, message } = await failure('hangs-at-start', '--startup-timeout', '1.5');
    assert.equal(kind, 'start failed');
    assert.match(message, /not ready after 1\.5 s/);
  });

  test('a reply with a wrong signature is refused', async () => {
    const { kind, message, cell } = await failure('forges-replies');
    assert.deepEqual([kind, cell], ['protocol error', 1]);
    assert.match(message, /wrong signature; it was refused/);
  });

  test('a reply with an unknown status is not a success', async () => {
    const { kind, message } = await failure('replies-nonsense');
    assert.equal(kind, 'protocol error');
    assert.match(message, /"maybe"/);
  });

  test('one that aborts everything: aborted, not passed', async () => {
    assert.equal((await failure('aborts-everything')).kind, 'aborted');
  });

  test('one that never reports the end of the cell', async () => {
    const { kind, message } = await failure('never-says-idle');
    assert.equal(kind, 'protocol error');
    assert.match(message, /output is lost/);
  });

  test('plain tslab, over TCP: the same verdicts, late ones without their cell', async () => {
    const folder = join(place.folder, 'kernels', 'plain-tslab');
    mkdirSync(folder, { recursive: true });
    const argv = [
      process.execPath,
      require.resolve('tslab/bin/tslab'),
      'kernel',
      '--config-path={connection_file}',
    ];
    writeFileSync(
      join(folder, 'kernel.json'),
      JSON.stringify({ argv, display_name: 'tslab', language: 'typescript' }),
    );
    const { of } = await results(
      [
        'test',
        ...[
          'fails/cell-throws',
          'fails/type-error',
          'fails/promise-rejected-later',
          'passes/runs-on-after-expected-failure',
        ].map((name) => join(FIXTURES, `${name}.ipynb`)),
        '--kernel',
        'plain-tslab',
      ],
      environment,
    );
    const first = (name: string) => {
      const [failure] = of(name).failures;
      return [failure.kind, failure.cell, failure.message];
    };
    assert.deepEqual(first('cell-throws'), ['raised', 2, 'RangeError: kernel size 4 is even']);
    assert.deepEqual(first('type-error'), [
      'type error',
      2,
      "Type 'number' is not assignable to type 'string'.",
    ]);
    const [kind, cell, message] = first('promise-rejected-later');
    assert.deepEqual([kind, cell], ['rejected later', undefined]);
    assert.match(String(message), /^Error: file is gone \(seen while cell [23] ran\)$/);
    assert.equal(of('runs-on-after-expected-failure').verdict, 'passed');
  });

  test('one that is not installed', async () => {
    const { kind, message } = await failure('no-such-kernel');
    assert.equal(kind, 'start failed');
    assert.match(message, /no kernel 'no-such-kernel' is installed/);
  });
});

test("V8's own heap limit is reported as out of memory", async () => {
  const run = await results(['test', join(FIXTURES, 'other', 'grows-without-end.ipynb')], {
    NODE_OPTIONS: '--max-old-space-size=250',
  });
  const { kind, message } = run.of('grows-without-end').failures[0];
  assert.equal(kind, 'out of memory');
  assert.match(message, /V8's heap limit/);
});

test('a dead kernel is noticed although a process that it left behind holds its output open', async () => {
  const place = workspace('other/leaves-a-process.ipynb');
  const { of } = await results(['test', place.path('leaves-a-process.ipynb')]);
  const left = Number(readFileSync(place.path('left.txt'), 'utf8'));
  assert.ok(isAlive(left), 'the runner has not waited for it');
  process.kill(left);
  const [{ kind, cell }] = of('leaves-a-process').failures;
  assert.deepEqual([kind, cell], ['kernel died', 2]);
  place.remove();
});

describe('a runner that is interrupted leaves no kernel, no socket and no half-written notebook', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGKILL', null],
  ] as const) {
    // A kernel in an endless loop cannot notice that its runner is gone; a waiting one could.
    for (const name of ['loops', 'waits']) {
      test(
        `${signal} while a cell ${name}`,
        { skip: signal === 'SIGKILL' && process.platform === 'win32' },
        async () => {
          const place = workspace(`other/${name}.ipynb`);
          const temporary = join(place.folder, 'tmp');
          mkdirSync(temporary);
          const text = readFileSync(place.path(`${name}.ipynb`), 'utf8');
          const started = startRunner(['update', place.path(`${name}.ipynb`)], { TMPDIR: temporary });
          const pid = () => {
            try {
              return Number(readFileSync(place.path('running.txt'), 'utf8'));
            } catch {
              return 0;
            }
          };
          await until('the cell runs', () => pid() > 0);
          assert.ok(leftIn(temporary).length > 0, 'there are sockets while it runs');
          started.process.kill(signal);
          const finished = await started.finished;
          assert.deepEqual([finished.code, finished.signal], code === null ? [null, signal] : [code, null]);
          await until('the kernel is gone', () => !isAlive(pid()), 10);
          await until('its sockets are gone', () => leftIn(temporary).length === 0, 10);
          assert.equal(readFileSync(place.path(`${name}.ipynb`), 'utf8'), text);
          assert.deepEqual(readdirSync(place.folder).sort(), [`${name}.ipynb`, 'running.txt', 'tmp'].sort());
          place.remove();
        },
      );
    }
  }
});

test('the temporary folder may be named by a relative path, or by one of few letters and many bytes', async () => {
  const place = workspace();
  const wide = join(place.folder, 'ä'.repeat(30));
  mkdirSync(wide);
  for (const TMPDIR of [relative(ROOT, place.folder), wide]) {
    const { code, stdout } = await runner(['test', join(FIXTURES, 'other', 'prints.ipynb')], { TMPDIR });
    assert.equal(code, 0, stdout);
  }
  assert.deepEqual(leftIn(place.folder), []);
  place.remove();
});

test('two simultaneous runs do not disturb each other and leave nothing behind', async () => {
  const place = workspace();
  const path = join(FIXTURES, 'other', 'prints.ipynb');
  const runs = await Promise.all([1, 2].map(() => runner(['test', path], { TMPDIR: place.folder })));
  for (const { code, stdout } of runs) {
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^1 passed, 0 failed$/m);
  }
  assert.deepEqual(leftIn(place.folder), []);
  place.remove();
});
