/** An empty project elsewhere, in which lib is installed as npm would install it: packed, with what it declares and no more. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

export interface Project {
  readonly folder: string;
  /** What `npm pack` has made. */
  readonly tarball: string;
  /** What it holds, by path. */
  readonly files: readonly { readonly path: string; readonly size: number }[];
  write(name: string, text: string): string;
  /** Runs a script of the project with Node. @returns all that it printed */
  run(name: string): string;
  remove(): void;
}

/**
 * Nothing is downloaded: a dependency is a link to the one that is installed for this repository.
 *
 * @param others packages to be installed beside it
 */
export function emptyProject(others: readonly string[] = []): Project {
  const folder = mkdtempSync(join(tmpdir(), 'convlab-package-'));
  const tarball = join(folder, 'convlab.tgz');
  const files = pack(folder, tarball);
  writeFileSync(join(folder, 'package.json'), '{ "name": "empty", "private": true }\n');
  const { dependencies } = JSON.parse(
    readFileSync(join(folder, 'node_modules/convlab/package.json'), 'utf8'),
  ) as {
    dependencies: Record<string, string>;
  };
  for (const name of [...Object.keys(dependencies), ...others]) link(folder, name);
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const run = (name: string): string => {
    const environment = { ...process.env, CONVLAB_THREADS: '1' };
    const { stdout, stderr } = spawnSync(process.execPath, [name], {
      cwd: folder,
      env: environment,
      encoding: 'utf8',
    });
    return stdout + stderr;
  };
  return { folder, tarball, files, write, run, remove: () => rmSync(folder, { recursive: true }) };
}

/** Packs lib as it is built (whoever tests has built it) and unpacks it. */
function pack(folder: string, tarball: string): Project['files'] {
  const packed = command(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    join(ROOT, 'lib'),
  );
  const [{ filename, files }] = JSON.parse(packed) as [{ filename: string; files: Project['files'] }];
  command('tar', ['-xzf', filename], folder);
  cpSync(join(folder, filename), tarball);
  mkdirSync(join(folder, 'node_modules'));
  cpSync(join(folder, 'package'), join(folder, 'node_modules/convlab'), { recursive: true });
  rmSync(join(folder, 'package'), { recursive: true });
  return files;
}

function link(folder: string, name: string): void {
  const target = join(folder, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), target, 'junction');
}

function command(name: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(name, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw error ?? new Error(`${name} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
