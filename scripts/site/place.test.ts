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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkPlace, putInPlace } from './place';

const folder = mkdtempSync(join(tmpdir(), 'convlab-place-'));
after(() => rmSync(folder, { recursive: true }));

const page = (text: string) => (made: string) => {
  writeFileSync(join(made, 'index.html'), text);
  return Promise.resolve(text);
};

test('npm run site replaces no folder that has something else in it', () => {
  const out = join(folder, 'thesis');
  mkdirSync(out);
  writeFileSync(join(out, 'thesis.tex'), 'years of work');
  const argv = ['-r', './scripts/typescript.js', 'scripts/site/main.ts', '--out', out];
  const { status, stderr } = spawnSync(process.execPath, argv, {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  });
  assert.equal(status, 2, stderr);
  assert.match(stderr, /^npm run site: --out is .*, where thesis\.tex would be lost: .*\n$/);
  assert.deepEqual(readdirSync(out), ['thesis.tex']);
});

test('a site is replaced by the next one, until somebody puts something beside it', async () => {
  const out = join(folder, 'new', 'site');
  checkPlace(out);
  assert.equal(await putInPlace(out, page('one')), 'one');
  checkPlace(out);
  symlinkSync(out, join(folder, 'link'));
  await putInPlace(join(folder, 'link'), page('two'));
  assert.equal(readFileSync(join(out, 'index.html'), 'utf8'), 'two');
  assert.deepEqual(readdirSync(join(folder, 'new')), ['site']);
  writeFileSync(join(out, 'CNAME'), 'course.example');
  assert.throws(() => checkPlace(out), { name: 'Error', message: /where CNAME would be lost/ });
  assert.throws(() => checkPlace(join(out, 'CNAME')), { message: /a file; expected a folder/ });
});

test('when a site is refused, the earlier one stays, and nothing beside it', async () => {
  const parent = join(folder, 'refused');
  const out = join(parent, 'site');
  mkdirSync(out, { recursive: true });
  checkPlace(out);
  await putInPlace(out, page('good'));
  const killed = spawnSync(process.execPath, ['-e', '']).pid;
  mkdirSync(join(parent, `.site.${killed}.tmp`));
  const refused = putInPlace(out, async (made) => {
    await page('bad')(made);
    throw new Error('a link that leads nowhere');
  });
  await assert.rejects(refused, /leads nowhere/);
  assert.equal(readFileSync(join(out, 'index.html'), 'utf8'), 'good');
  assert.deepEqual(readdirSync(parent), ['site']);
});
