/** The options, each as its user would give it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { kernelCommand, KernelspecError } from '../../scripts/notebooks/run/kernelspec';
import { FIXTURES, results, ROOT, runner, workspace } from './runner';

const passing = (name: string) => join(FIXTURES, 'passes', `${name}.ipynb`);
const failing = (name: string) => join(FIXTURES, 'fails', `${name}.ipynb`);
const other = (name: string) => join(FIXTURES, 'other', `${name}.ipynb`);

describe('what is said', () => {
  test('one line per notebook, the first failing cell with source and error, the closing line by itself', async () => {
    const { code, stdout, stderr } = await runner(['test', failing('cell-throws'), other('prints')]);
    assert.equal(code, 1);
    assert.equal(stderr, '');
    assert.match(stdout, /^✗ tests\/notebooks\/fixtures\/fails\/cell-throws\.ipynb/m);
    assert.match(stdout, /^✓ tests\/notebooks\/fixtures\/other\/prints\.ipynb/m);
    assert.match(stdout, /cell 2, line 7: raised: RangeError: kernel size 4 is even/);
    assert.match(stdout, /> 7 │ check\(kernelSize\);/);
    assert.match(stdout, /^1 passed, 1 failed$/m);
    // Not a terminal: no colours, nothing redrawn.
    assert.doesNotMatch(stdout, /[\u001b\r]/);
  });

  test('--quiet: only failures and the closing line; on GitHub an annotation', async () => {
    const args = ['test', '--quiet', failing('type-error'), other('prints')];
    const { stdout } = await runner(args, { GITHUB_ACTIONS: 'true' });
    assert.doesNotMatch(stdout, /prints\.ipynb/);
    assert.match(stdout, /type-error\.ipynb/);
    assert.match(stdout, /^1 passed, 1 failed$/m);
    assert.match(stdout, /^::error .*type-error\.ipynb/m);
  });

  test('--help needs no other argument and describes every command', async () => {
    for (const command of ['test', 'update', 'clean']) {
      const { code, stdout } = await runner([command, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^npm run notebooks:${command} -- `));
    }
  });
});

describe('bad input is one sentence and exit code 2', () => {
  for (const [args, sentence] of [
    [['--no-such-option'], /unknown option --no-such-option/],
    [['no-such-folder'], /there is no notebook or folder no-such-folder/],
    [['no-\x1b[2J'], /there is no notebook or folder no-\\x1b\[2J$/m],
    [[''], /a path is empty/],
    [['--shard', '2/2', other('prints')], /--shard 2\/2 is empty, there is 1 notebook/],
    [['lib/src'], /there is no notebook in lib\/src/],
    [['--grep', 'no-such-notebook', FIXTURES], /no notebook's path matches --grep no-such-notebook/],
    [['--sanitize', 'no-such-file', FIXTURES], /--sanitize no-such-file/],
    [['--param', 'epochs=many', other('has-parameters')], /--param epochs is 'many', expected a number/],
    [
      ['--param', 'size=2', other('has-parameters')],
      /--param size: .* declares epochs, optimizer, sizes, verbose/,
    ],
    [['--param', 'epoch=2', join(FIXTURES, 'other')], /--param epoch: no notebook declares it/],
    [['--param', 'epochs=2', other('prints')], /prints\.ipynb has no cell tagged parameters/],
  ] as const) {
    test(args.join(' ').replaceAll(ROOT, ''), async () => {
      const { code, stdout, stderr } = await runner(['test', ...args]);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, sentence);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    });
  }

  test('a named file that is not a notebook: reported like a failure, exit code 2', async () => {
    const { code, stdout } = await runner(['test', failing('not-a-notebook')]);
    assert.equal(code, 2);
    assert.match(stdout, /not a notebook: .* is not a notebook: nbformat is missing, expected 4$/m);
    assert.match(stdout, /^0 passed, 1 failed$/m);
  });
});

describe('one bad file fails one notebook, the others run', () => {
  test('a pipe, a folder, bytes, and names that would move the cursor', async () => {
    const place = workspace('other/prints.ipynb');
    spawnSync('mkfifo', [place.path('1-pipe.ipynb')]);
    symlinkSync('/dev/zero', place.path('2-device.ipynb'));
    symlinkSync('4-loop.ipynb', place.path('4-loop.ipynb'));
    writeFileSync(place.path('5-bytes.ipynb'), Buffer.from([0x7b, 0xff]));
    writeFileSync(place.path('6-\x1b[2Jclear.ipynb'), '{}');
    const { run, code, stderr } = await results(['test', place.folder]);
    assert.equal(code, 1);
    assert.deepEqual(
      run.notebooks.map(({ path, verdict, failures: [first] }) => [
        path.replace(/.*\//, ''),
        verdict,
        first?.kind,
        first?.message.replace(/^.*\.ipynb /, '').slice(0, 40),
      ]),
      [
        ['1-pipe.ipynb', 'failed', 'not a notebook', 'cannot be read: it is a named pipe'],
        ['2-device.ipynb', 'failed', 'not a notebook', 'cannot be read: it is a device'],
        ['4-loop.ipynb', 'failed', 'not a notebook', 'cannot be read: ELOOP: too many symbolic'],
        ['5-bytes.ipynb', 'failed', 'not a notebook', 'cannot be read: it is not UTF-8 (line 1)'],
        ['6-\\x1b[2Jclear.ipynb', 'failed', 'not a notebook', 'is not a notebook: nbformat is missing, '],
        ['prints.ipynb', 'passed', undefined, undefined],
      ],
    );
    assert.doesNotMatch(stderr, /\x1b/);
    place.remove();
  });

  test('without a temporary folder no kernel starts, which is reported for each notebook', async () => {
    // Below a file, where nobody can create it (ts-node would). Short: with a longer one, the names of sockets would be
    // too long, and the runner would use /tmp.
    const missing = process.platform === 'win32' ? join(process.execPath, 'none') : '/dev/null/none';
    const environment = { TMPDIR: missing, TEMP: missing, TMP: missing };
    const { of, code } = await results(['test', other('prints'), other('is-random')], environment);
    assert.equal(code, 1);
    for (const name of ['prints', 'is-random']) {
      assert.equal(of(name).failures[0].kind, 'start failed');
      assert.match(of(name).failures[0].message, /none/);
    }
  });

  test('a file where the caches belong: nothing is kept, nothing fails', async () => {
    const place = workspace('other/prints.ipynb');
    mkdirSync(place.path('node_modules'));
    writeFileSync(place.path('node_modules/.cache'), 'a file');
    const { of } = await results(['test', place.folder]);
    assert.equal(of('prints').verdict, 'passed');
    place.remove();
  });

  test('a notebook in another language is not compiled as TypeScript', async () => {
    const place = workspace();
    const metadata = { language_info: { name: 'fortran' } };
    writeFileSync(place.path('a.ipynb'), JSON.stringify({ nbformat: 4, metadata, cells: [] }));
    const { of } = await results(['test', place.folder]);
    assert.equal(of('a').failures[0].kind, 'start failed');
    assert.match(of('a').failures[0].message, /^no kernel 'fortran' is installed/);
    place.remove();
  });

  test('the temporary files of a killed update are removed by the next run', async () => {
    const place = workspace('other/prints.ipynb');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(place.path(`.prints.ipynb.${pid}.tmp`), '{"cells": [');
    assert.equal((await runner(['test', place.folder])).code, 0);
    assert.deepEqual(readdirSync(place.folder), ['prints.ipynb']);
    place.remove();
  });
});

describe('two runs compared', () => {
  const notebook = (...cells: [source: string, printed: string, count?: number | null][]) =>
    JSON.stringify({
      nbformat: 4,
      metadata: { convlab: { compare: { relative: 0.01 } } },
      cells: cells.map(([source, printed, count = 1]) => ({
        cell_type: 'code',
        execution_count: count,
        metadata: {},
        outputs: [{ output_type: 'stream', name: 'stdout', text: printed }],
        source,
      })),
    });

  test('--against: stored outputs of two folders, by the rules of a run, without running', async () => {
    const place = workspace();
    for (const folder of ['a/deep', 'b/deep']) mkdirSync(place.path(folder), { recursive: true });
    const write = (name: string, ...cells: Parameters<typeof notebook>) =>
      writeFileSync(place.path(name), notebook(...cells));
    write('a/deep/same.ipynb', ['f()', '0.500\n']);
    write('b/deep/same.ipynb', ['f()', '0.501\n']);
    write('a/differs.ipynb', ['f()', '1\n'], ['g()', 'loss 0.5\n']);
    write('b/differs.ipynb', ['f()', '1\n'], ['g()', 'loss 0.7\n']);
    write('a/edited.ipynb', ['f()', '1\n']);
    write('b/edited.ipynb', ['f(2)', '1\n']);
    write('a/idle.ipynb', ['f()', '1\n']);
    write('b/idle.ipynb', ['f()', '1\n', null]);
    write('a/only-here.ipynb', ['f()', '1\n']);
    write('b/only-there.ipynb', ['f()', '1\n']);
    const { run, code } = await results(['test', place.path('a'), '--against', place.path('b')]);
    assert.equal(code, 1);
    assert.deepEqual(
      run.notebooks.map(({ path, failures: [first] }) => [
        path.replace(/.*\//, ''),
        first?.kind,
        first?.cell,
        first?.message.replace(/ \S*\/(?=b\/)/g, ' '),
      ]),
      [
        ['same.ipynb', undefined, undefined, undefined],
        ['differs.ipynb', 'output changed', 2, '0.7 → 0.5, relative 0.29, allowed 0.01'],
        ['edited.ipynb', 'not comparable', 1, 'its source differs from that in b/edited.ipynb'],
        ['idle.ipynb', 'not comparable', 1, 'it was not executed in b/idle.ipynb'],
        ['only-here.ipynb', 'not comparable', undefined, 'there is no b/only-here.ipynb'],
        [
          'only-there.ipynb',
          'not comparable',
          undefined,
          'it has no counterpart among the notebooks that are compared',
        ],
      ],
    );
    const same = ['test', place.path('a/deep/same.ipynb'), '--against', place.path('b/deep/same.ipynb')];
    assert.equal((await runner(same)).code, 0);
    place.remove();
  });

  test('--keep: failed notebooks, with the outputs produced until then and the error', async () => {
    const place = workspace(
      'fails/cell-throws.ipynb',
      'fails/hangs-synchronously.ipynb',
      'other/prints.ipynb',
    );
    // Folders count from where npm was called.
    const [options, from] = [['--keep', 'kept', '--report', 'report'], { INIT_CWD: place.folder }];
    const { of } = await results(['test', ...options, place.folder], from);
    assert.deepEqual(readdirSync(place.path('report')).sort(), ['junit.xml', 'report.html', 'results.json']);
    const kept = place.path('kept');
    const copies = (readdirSync(kept, { recursive: true }) as string[]).filter((name) =>
      name.endsWith('.ipynb'),
    );
    assert.deepEqual(copies.map((name) => name.replace(/.*\//, '')).sort(), [
      'cell-throws.ipynb',
      'hangs-synchronously.ipynb',
    ]);
    const text = (name: string) =>
      readFileSync(join(kept, copies.find((copy) => copy.includes(name)) as string), 'utf8');
    assert.match(text('cell-throws'), /kernel size 4 is even/);
    assert.match(text('hangs'), /"ename": "timeout"/);
    assert.match(of('hangs-synchronously').notes.join(), /^as executed: .*hangs-synchronously\.ipynb$/);
    place.remove();
  });
});

describe('which notebooks', () => {
  test('--grep and --shard: the shards are disjoint and together everything', async () => {
    const place = workspace('fails/output-changed.ipynb', 'fails/output-new.ipynb', 'other/prints.ipynb');
    const shards: string[][] = [];
    for (const shard of ['1/2', '2/2']) {
      const args = ['test', '--no-compare', '--shard', shard, '--grep', 'output-', place.folder];
      const { run } = await results(args);
      shards.push(run.notebooks.map(({ path }) => path.replace(/.*\//, '')));
    }
    assert.deepEqual(
      shards.map(({ length }) => length),
      [1, 1],
    );
    assert.deepEqual(shards.flat().sort(), ['output-changed.ipynb', 'output-new.ipynb']);
    place.remove();
  });

  test('--fail-fast: nothing is started after the first failure', async () => {
    const args = [
      'test',
      '--fail-fast',
      '--jobs',
      '1',
      failing('type-error'),
      other('prints'),
      other('is-random'),
    ];
    const { run, code } = await results(args);
    assert.equal(code, 1);
    assert.deepEqual(
      run.notebooks.map(({ verdict }) => verdict),
      ['failed', 'not run', 'not run'],
    );
  });
});

describe('how they run', () => {
  test('notebooks:seeds begins anew after a run that was stopped: a file beside it may be another by now', async () => {
    // Jobs are made of notebooks in the project only.
    const folder = mkdtempSync(join(ROOT, 'node_modules', 'convlab-seeds-'));
    const sources = [
      'const seed = 1;',
      "import { readFileSync } from 'node:fs';\nif (seed > Number(readFileSync('most.txt', 'utf8'))) throw new Error('no');",
    ];
    const cells = sources.map((source, index) => ({
      cell_type: 'code',
      metadata: { tags: index === 0 ? ['parameters'] : [] },
      outputs: [],
      source,
    }));
    writeFileSync(join(folder, 'a.ipynb'), JSON.stringify({ nbformat: 4, metadata: {}, cells }));
    const verdicts = async (most: number): Promise<string[]> => {
      writeFileSync(join(folder, 'most.txt'), String(most));
      const args = ['seeds', '--runs', '3', '--jobs', '1', '--fail-fast', join(folder, 'a.ipynb')];
      return (await results(args)).run.notebooks.map(({ verdict }) => verdict);
    };
    assert.deepEqual(await verdicts(15), ['passed', 'failed', 'not run']);
    assert.deepEqual(await verdicts(5), ['failed', 'not run', 'not run']);
    rmSync(folder, { recursive: true });
  });

  test('--jobs: kernels side by side share the cores, unless CONVLAB_THREADS says how', async () => {
    const place = workspace('other/prints-threads.ipynb', 'other/prints.ipynb');
    const printed = async (jobs: string, environment: NodeJS.ProcessEnv): Promise<unknown> => {
      await runner(['update', '--jobs', jobs, place.folder], environment);
      const { cells } = JSON.parse(readFileSync(place.path('prints-threads.ipynb'), 'utf8')) as {
        cells: { outputs?: { text: string[] }[] }[];
      };
      return cells[1].outputs?.[0].text.join('');
    };
    const cores = availableParallelism();
    const none = { CONVLAB_THREADS: undefined };
    assert.equal(await printed('1', none), `CONVLAB_THREADS=${cores}\n`);
    assert.equal(await printed('2', none), `CONVLAB_THREADS=${Math.max(1, Math.floor(cores / 2))}\n`);
    assert.equal(await printed('2', { CONVLAB_THREADS: '5' }), 'CONVLAB_THREADS=5\n');
    place.remove();
  });

  test('--types-only finds type errors and runs nothing', async () => {
    const { run, of } = await results(['test', '--types-only', join(FIXTURES, 'fails')]);
    const failed = run.notebooks.filter(({ verdict }) => verdict === 'failed');
    assert.deepEqual(
      failed.map(({ path, failures: [{ kind, cell, line }] }) => [
        path.replace(/.*\/|\.ipynb/g, ''),
        kind,
        cell,
        line,
      ]),
      [
        ['imports-nothing', 'type error', 1, 1],
        ['module-cell-has-type-error', 'type error', 1, 2],
        ['not-a-notebook', 'not a notebook', undefined, undefined],
        ['raises-exception-raises-nothing', 'type error', 2, 1],
        ['syntax-error', 'syntax error', 1, 2],
        ['type-error', 'type error', 2, 2],
      ],
    );
    assert.equal(of('exits-with-0').verdict, 'passed');
  });

  test('--types-only: the declarations of a failing cell do not exist, nor do the modules of another notebook', async () => {
    const place = workspace();
    const notebook = (...sources: [string, string?][]) =>
      JSON.stringify({
        nbformat: 4,
        metadata: { kernelspec: { name: 'tslab' } },
        cells: sources.map(([source, tag]) => ({
          cell_type: 'code',
          metadata: { tags: tag === undefined ? [] : [tag] },
          outputs: [],
          source,
        })),
      });
    const write = (name: string, ...sources: [string, string?][]) =>
      writeFileSync(place.path(name), notebook(...sources));
    write(
      '1-declares.ipynb',
      ['/** @module shapes */\nexport const side = 3;'],
      ["import { side } from './shapes';\nside"],
    );
    write('2-borrows.ipynb', ["import { side } from './shapes';\nside"]);
    write('3-raises.ipynb', ["const limit = 3;\nthrow new Error('no');", 'raises-exception'], ['limit + 1']);
    // Nested so deeply that the compiler itself fails.
    write('4-deep.ipynb', [`${'('.repeat(20_000)}1${')'.repeat(20_000)}`]);
    write('5-right.ipynb', ['const limit = 3;'], ['limit + 1']);
    const { of } = await results(['test', '--types-only', place.folder]);
    assert.equal(of('1-declares').verdict, 'passed');
    assert.match(of('2-borrows').failures[0].message, /Cannot find module '\.\/shapes'/);
    assert.match(of('3-raises').failures[0].message, /Cannot find name 'limit'/);
    assert.equal(of('3-raises').failures[0].cell, 2);
    assert.equal(of('4-deep').failures[0].kind, 'runner error');
    assert.equal(of('5-right').verdict, 'passed');
    place.remove();
  });

  test('--timeout applies to each cell', async () => {
    const place = workspace('other/loops.ipynb');
    const { of } = await results(['test', '--timeout', '800ms', place.folder]);
    assert.equal(of('loops').failures[0].kind, 'timeout');
    place.remove();
  });

  test('--memory-limit', async () => {
    const { of } = await results(['test', '--memory-limit', '40MB', other('prints')]);
    assert.equal(of('prints').failures[0].kind, 'out of memory');
  });

  test('--retries: passes at the second try, with a note', async () => {
    const place = workspace('other/fails-at-first.ipynb');
    const { of, code } = await results(['test', '--retries', '2', place.folder]);
    assert.equal(code, 0);
    assert.match(of('fails-at-first').notes.join(), /passed at try 2 of 3, after: raised, Error: first try/);
    place.remove();
  });

  test('--repeat: a random notebook is not deterministic, any other passes', async () => {
    const notebooks = [other('prints'), passing('ignores-tagged-output'), other('is-random')];
    const { of } = await results(['test', '--repeat', '2', '--tolerance', '10', ...notebooks]);
    assert.equal(of('prints').verdict, 'passed');
    assert.equal(of('ignores-tagged-output').verdict, 'passed');
    assert.equal(of('is-random').failures[0].kind, 'not deterministic');
  });

  test('--no-compare runs without comparing, except for cells tagged nbval-check-output', async () => {
    const { of } = await results(['test', '--no-compare', failing('output-changed'), other('is-random')]);
    assert.equal(of('output-changed').verdict, 'passed');
    assert.equal(of('is-random').failures[0].kind, 'output changed');
  });

  test('--param overrides; then no output is compared, that of a tagged cell neither, and a note says so', async () => {
    const place = workspace('other/has-parameters.ipynb');
    const values = ['epochs=2', 'optimizer=adam', 'sizes=[3]', 'verbose=true'];
    const args = [
      'test',
      ...values.flatMap((value) => ['--param', value]),
      place.path('has-parameters.ipynb'),
    ];
    // The last cell prints the parameters, and its stored output has their other values.
    const path = place.path('has-parameters.ipynb');
    const notebook = JSON.parse(readFileSync(path, 'utf8')) as { cells: object[] };
    const source =
      "if (epochs !== 2 || optimizer !== 'adam' || sizes[0] !== 3 || !verbose) throw new Error('not set');";
    notebook.cells.push({ cell_type: 'code', metadata: {}, outputs: [], source });
    Object.assign(notebook.cells[2], { metadata: { tags: ['nbval-check-output'] } });
    writeFileSync(path, JSON.stringify(notebook));
    const { of, code } = await results(args);
    assert.equal(code, 0);
    const { cells, notes } = of('has-parameters');
    assert.deepEqual(
      cells.map(({ compared }) => compared),
      [false, false, false],
    );
    const names = 'epochs, optimizer, sizes, verbose';
    assert.deepEqual(notes, [
      `--param ${names}: the stored outputs come from other values, so none is compared`,
    ]);
    place.remove();
  });

  test('--param: a later failure keeps its cell and line', async () => {
    const place = workspace();
    const source = 'const delay = 1;\nsetTimeout(() => {\n  throw new Error("too late");\n}, delay);';
    const metadata = { tags: ['parameters'] };
    const cells = [{ cell_type: 'code', metadata, outputs: [], source }];
    writeFileSync(place.path('late.ipynb'), JSON.stringify({ nbformat: 4, metadata: {}, cells }));
    const { of } = await results(['test', '--param', 'delay=20', place.path('late.ipynb')]);
    const [{ kind, cell, line }] = of('late').failures;
    assert.deepEqual([kind, cell, line], ['late exception', 1, 3]);
    place.remove();
  });

  test('--param with a folder: notebooks that declare the parameter take it, the others run unchanged', async () => {
    const place = workspace('other/has-parameters.ipynb', 'other/prints.ipynb');
    const { of, code } = await results(['test', '--param', 'epochs=2', place.folder]);
    assert.equal(code, 0);
    assert.match(JSON.stringify(of('has-parameters').cells), /"compared":false/);
    assert.deepEqual(
      of('prints').cells.map(({ compared }) => compared),
      of('prints').cells.map(() => true),
    );
    place.remove();
  });
});

test('a notebook of another language runs on the kernel that is installed for it', async (context) => {
  const python = process.env.CONVLAB_PYTHON ?? 'python3';
  // Both the kernelspec and the kernel must be installed.
  try {
    const [command] = kernelCommand('python3').argv('');
    if (spawnSync(command, ['-c', 'import ipykernel']).status !== 0)
      throw new KernelspecError('no ipykernel');
  } catch (error) {
    if (!(error instanceof KernelspecError)) throw error;
    context.skip(`no Python kernel is installed (${error.message}); looked from ${python} on the PATH`);
    return;
  }
  const { of } = await results(['test', other('is-python')]);
  const { failures, cells } = of('is-python');
  assert.deepEqual(
    failures.map(({ kind, message, cell, line }) => [kind, message, cell, line]),
    [['raised', 'ZeroDivisionError: division by zero', 4, 2]],
  );
  assert.deepEqual(
    cells.map(({ skipped }) => skipped),
    [undefined, undefined, 'tag', undefined],
  );
});
