import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildOfLib } from './build';

const lib = mkdtempSync(join(tmpdir(), 'convlab-build-'));
after(() => rmSync(lib, { recursive: true }));
mkdirSync(join(lib, 'dist'));

const hashes = { id: 'a', typescript: 'b', kernels: 'c', widgets: 'd', browser: 'e' };
const record = (changed: object): void =>
  writeFileSync(join(lib, 'dist', 'built.json'), JSON.stringify({ ...hashes, sources: {}, ...changed }));

test('a build has one name, another has another, and one that is being made never the same', () => {
  assert.equal(buildOfLib(lib), buildOfLib(lib));
  record({});
  const first = buildOfLib(lib);
  assert.equal(buildOfLib(lib), first);
  record({ id: 'f', typescript: 'g' });
  assert.notEqual(buildOfLib(lib), first);
  record({ widgets: '' });
  assert.notEqual(buildOfLib(lib), first);
  assert.notEqual(buildOfLib(lib), buildOfLib(lib));
});
