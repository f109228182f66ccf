/** Packages of npm, unpacked into a folder without running their scripts. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run, StepError } from './step';

const STEP = 'Getting the package from npm';

/** Unpacks `name@version` into `folder`, from npm's cache or registry, by npm's own settings. @throws StepError */
export async function unpackNpmPackage(specifier: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const packed = await npm(['pack', specifier, '--json', '--pack-destination', folder], folder);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const archive = join(folder, filename);
  await unpack(STEP, archive, folder, 1);
  rmSync(archive);
}

/**
 * tfjs-node with the packages that it needs, except TensorFlow.js itself: that must be the project's, of which there is
 * one in a process. tfjs-node's own install script, which downloads, is not run.
 *
 * @param folder below the project's node_modules, where TensorFlow.js is found
 * @throws StepError
 */
export async function unpackTfjsNode(version: string, folder: string): Promise<void> {
  await unpackNpmPackage(`@tensorflow/tfjs-node@${version}`, folder);
  const file = join(folder, 'package.json');
  const original = readFileSync(file, 'utf8');
  const { dependencies, ...rest } = JSON.parse(original) as { dependencies: Record<string, string> };
  delete dependencies['@tensorflow/tfjs'];
  writeFileSync(file, JSON.stringify({ ...rest, dependencies, devDependencies: {}, scripts: {} }));
  const quietly = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  await npm(['install', '--omit=dev', '--ignore-scripts', ...quietly, '--prefix', folder], folder);
  writeFileSync(file, original);
}

/** Unpacks a `.tar.gz`, with gzip's check of every byte. @throws StepError */
export async function unpack(step: string, archive: string, folder: string, strip = 0): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const args = ['-xzf', archive, '-C', folder, `--strip-components=${strip}`, '--no-same-owner'];
  const { code, printed } = await run('tar', args);
  if (code !== 0) throw new StepError(step, `${archive} cannot be unpacked.\n${lastLines(printed, 3)}`);
}

async function npm(args: readonly string[], cwd: string): Promise<string> {
  // npm names itself to the scripts that it runs.
  const cli = process.env.npm_execpath;
  const [program, ...first] = cli?.endsWith('.js') ? [process.execPath, cli] : ['npm'];
  const { code, stdout, printed } = await run(program, [...first, ...args], { cwd });
  if (code === 0) return stdout;
  throw new StepError(
    STEP,
    `npm ${args[0]} ${args[1]}:\n${lastLines(printed)}`,
    'connect to the network, or name a registry that can be reached: npm config set registry ADDRESS',
  );
}
