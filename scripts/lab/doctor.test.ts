import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { readManifest } from '../../lib/src/data/manifest';

const damaged = mkdtempSync(join(tmpdir(), 'convlab-damaged-'));
after(() => rmSync(damaged, { recursive: true }));

test('the doctor tries the parts of the course; its exit code says whether something is missing', () => {
  for (const { name } of Object.values(readManifest('mnist').files)) writeFileSync(join(damaged, name), '');
  const run = spawnSync(process.execPath, [join(__dirname, 'doctor.js')], {
    encoding: 'utf8',
    // As on a machine without Python, browser and sandbox.
    env: {
      ...process.env,
      PATH: dirname(process.execPath),
      PYTHON: '/no/such/python',
      CHROMIUM: '/no/such',
      CONVLAB_DATA: damaged,
    },
  });
  const state = (name: string) => new RegExp(`^(\\w+) +${name} `, 'm').exec(run.stdout)?.[1];
  for (const name of ['Node', 'library', 'kernel', 'backend', 'data']) {
    assert.equal(state(name), 'works', run.stdout + run.stderr);
  }
  assert.match(
    run.stdout,
    /^works +backend +(tensorflow|wasm) \(TensorFlow(\.js)? \d.*, (one thread|\d+ threads)\): /m,
  );
  assert.match(
    run.stdout,
    /^(works +tfjs-node +TensorFlow \d|absent +tfjs-node .*(not installed|does not work).*\n +to fix it: npm run setup:native$)/m,
  );
  assert.match(
    run.stdout,
    /^absent +browser +CHROMIUM is '\/no\/such', which is no program \(only for npm run/m,
  );
  assert.match(
    run.stdout,
    /^absent +full MNIST +\/.*train-images-idx3-ubyte: expected an IDX file, .*\n +to fix it: npm run data:fetch$/m,
  );
  // JupyterLab may have been set up in this folder, and then needs no other Python.
  const isSetUp = state('JupyterLab') === 'works';
  assert.equal(state('Python'), isSetUp ? 'works' : 'MISSING');
  assert.equal(run.status, isSetUp ? 0 : 1);
  if (!isSetUp) assert.match(run.stdout, /PYTHON is '\/no\/such\/python'.*\n +to fix it: /);
});

test('where nobody reads on, as with `| head`, the doctor ends without an error', async () => {
  const doctor = spawn(process.execPath, [join(__dirname, 'doctor.js')]);
  doctor.stdout.destroy();
  const said = text(doctor.stderr);
  assert.deepEqual(await once(doctor, 'close'), [141, null], await said);
  assert.equal(await said, '');
});
