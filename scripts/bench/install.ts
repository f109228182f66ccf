/**
 * `npm run bench:install`: what lib costs whoever installs it for training: it is packed, and installed by npm in an empty
 * project, from the registry or npm's cache of it. Goals: 20 s, 250 MB.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExpectedError } from '../commandLine';
import { runBenchmark } from './runBenchmark';

const LIB = join(__dirname, '..', '..', 'lib');

function main(): void {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-install-'));
  try {
    const packed = npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], LIB).trim();
    writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true }\n');
    const start = performance.now();
    npm(['install', '--no-audit', '--no-fund', join(folder, packed)], folder);
    const seconds = (performance.now() - start) / 1000;
    const modules = join(folder, 'node_modules');
    const sizes = packagesIn(modules).map((name) => ({ name, bytes: sizeOf(join(modules, name)) }));
    const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    const packedKilobytes = Math.round(statSync(join(folder, packed)).size / 1000);
    console.log(
      `${seconds.toFixed(1)} s, ${megabytes(all)} in ${sizes.length} packages; packed ${packedKilobytes} kB`,
    );
    for (const { name, bytes } of sizes.sort((a, b) => b.bytes - a.bytes).slice(0, 8)) {
      console.log(`  ${name.padEnd(32)}${megabytes(bytes).padStart(9)}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function npm(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new ExpectedError(`npm ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((own) => join(name, own)) : [name],
    );
}

function sizeOf(path: string): number {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

runBenchmark(
  'install',
  '',
  'What the package costs whoever installs it for training: seconds, megabytes.',
  main,
);
