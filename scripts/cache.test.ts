import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const CACHE = join(__dirname, '..', 'node_modules', '.cache', 'convlab', 'scripts');

test('a script whose compiled form was damaged runs as it is written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-cache-'));
  const script = join(folder, 'script.ts');
  // A text that no other script contains, by which its compiled form is found.
  const text = `mark ${process.pid} ${Date.now()}`;
  writeFileSync(script, `const marked: string = '${text}';\nconsole.log(marked, 10000 + 2);\n`);
  const run = () =>
    execFileSync(process.execPath, ['-r', join(__dirname, 'typescript.js'), script], { encoding: 'utf8' });
  try {
    assert.equal(run(), `${text} 10002\n`);
    const compiled = readdirSync(CACHE)
      .filter((name) => name.endsWith('.js'))
      .map((name) => join(CACHE, name))
      .find((file) => readFileSync(file, 'utf8').includes(text));
    assert.ok(compiled);
    const stored = readFileSync(compiled, 'utf8');
    for (const damaged of [stored.replace('10000', '10007'), stored.slice(0, -20), '\0'.repeat(4096), '']) {
      writeFileSync(compiled, damaged);
      assert.equal(run(), `${text} 10002\n`);
      assert.equal(readFileSync(compiled, 'utf8'), stored);
    }
    rmSync(compiled);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
