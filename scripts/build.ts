/**
 * `npm run build`: compiles lib to lib/dist (TypeScript with tsc, the engine's kernels with AssemblyScript's asc, the
 * widgets for a page and `convlab/browser` with esbuild) and the notebooks' kernel to scripts/kernel/dist, if their sources have changed
 * since the last time. It takes no time when nothing has changed, so tests, benchmarks and the notebook runner run it
 * first.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type BuildRecord, hasChanged, readRecord, readSource, type Source } from '../lib/src/built';
import { BROWSER_FILES, BROWSER_OPTIONS, bundleForBrowser } from './browserBuild';
import { ExpectedError, runTool } from './commandLine';
import { KERNEL_BUILDS, KERNEL_SOURCES, KERNEL_TYPES } from './kernelBuilds';
import { oneAtATime } from './oneAtATime';
import { PAGE_BUNDLE } from './pageBundle';
import { replaceFile } from './replaceFile';
import { bundleWidgets, WIDGET_SOURCES, widgetBundles, widgetNames } from './widgetBuilds';

/** The record, with what only the build needs to know: whether each part is up to date. */
interface FullRecord extends BuildRecord {
  /** For each part, a hash of its compiler, settings and sources. */
  readonly typescript: string;
  readonly kernels: string;
  readonly widgets: string;
  readonly browser: string;
}

type Sources = BuildRecord['sources'];

const ROOT = join(__dirname, '..');

/**
 * Builds what has changed. The compilers write their errors to this process' output.
 *
 * @param root the project's folder
 * @returns false when a compiler found errors; what was compiled then stays as it was, and lib refuses to run it
 * @throws ExpectedError when something has to be written where that is not possible
 */
export async function build(root = ROOT): Promise<boolean> {
  const { before, after, isCompiled } = lookAtLib(root);
  if (isCompiled && JSON.stringify(after) === JSON.stringify(before)) return true;
  try {
    return await oneAtATime(lockOf(root, 'lib'), () => buildLib(root));
  } catch (error) {
    // Only the times of files would have been noted.
    if (isCompiled && isUnwritable(error)) return true;
    throw inWords(error);
  }
}

/** What is compiled and what would have to be, without changing anything. */
function lookAtLib(root: string) {
  const lib = join(root, 'lib');
  const before = readRecord(lib) as FullRecord | undefined;
  const sources = readSources(join(lib, 'src'), before?.sources ?? {});
  const isKernel = (name: string) => name.startsWith(KERNEL_SOURCES);
  const isInPage = (name: string) => name.startsWith(WIDGET_SOURCES);
  const isTypescript = (name: string) => !isKernel(name) && !isInPage(name);
  const settings = ['tsconfig.json', 'lib/tsconfig.build.json'].map((file) =>
    readFileSync(join(root, file), 'utf8'),
  );
  const kernels = hashOf(sources, isKernel, [
    packageVersion('assemblyscript'),
    JSON.stringify([KERNEL_BUILDS, KERNEL_TYPES]),
    readFileSync(join(__dirname, 'kernelTypes.ts'), 'utf8'),
  ]);
  const typescript = hashOf(sources, isTypescript, [packageVersion('typescript'), ...settings]);
  // A widget's bundle holds what it imports from the rest of lib.
  const widgets = hashOf(sources, (name) => !isKernel(name), [
    packageVersion('esbuild'),
    JSON.stringify(PAGE_BUNDLE),
  ]);
  const browser = hashOf(sources, () => true, [
    packageVersion('esbuild'),
    packageVersion('assemblyscript'),
    JSON.stringify(KERNEL_BUILDS),
    BROWSER_OPTIONS,
  ]);

  const modules = Object.keys(sources)
    .filter(isTypescript)
    .map((name) => name.replace(/\.ts$/, ''));
  const hasScripts = modules.every((name) => existsSync(join(lib, 'dist', `${name}.js`)));
  const bundles = widgetNames(root).flatMap((name) => widgetBundles(root, name));
  const hasWidgets = bundles.every((file) => existsSync(file));
  const hasKernels = KERNEL_BUILDS.every(({ output }) => existsSync(join(root, output)));
  const compilesScripts = !hasScripts || before?.typescript !== typescript;
  const compilesKernels = !hasKernels || before?.kernels !== kernels;
  const bundlesWidgets = !hasWidgets || before?.widgets !== widgets;
  const hasBrowser = BROWSER_FILES.every((file) => existsSync(join(lib, 'dist', file)));
  const bundlesBrowser = !hasBrowser || compilesKernels || before?.browser !== browser;
  const unfinished: Partial<FullRecord> = {
    ...(compilesScripts && { typescript: '' }),
    ...(compilesKernels && { kernels: '' }),
    ...(bundlesWidgets && { widgets: '' }),
    ...(bundlesBrowser && { browser: '' }),
  };
  const id = createHash('sha256').update(`${typescript}\n${kernels}\n${widgets}\n${browser}`).digest('hex');
  const after: FullRecord = { id, typescript, kernels, widgets, browser, sources };
  const isCompiled = Object.keys(unfinished).length === 0 && staleManifests(root).length === 0;
  return {
    ...{ before, after, unfinished, isCompiled, modules, bundles, hasScripts },
    ...{ compilesScripts, compilesKernels, bundlesWidgets, bundlesBrowser },
  };
}

async function buildLib(root: string): Promise<boolean> {
  let found = lookAtLib(root);
  if (found.compilesKernels && (await writeKernelTypes(root))) found = lookAtLib(root);
  const { before, after, unfinished, modules, bundles, hasScripts } = found;
  const { compilesScripts, compilesKernels, bundlesWidgets, bundlesBrowser } = found;
  const lib = join(root, 'lib');
  const record = join(lib, 'dist/built.json');
  // If this build is killed or fails, the next one compiles again what may be half written.
  if (before && Object.keys(unfinished).length > 0) {
    replaceFile(record, JSON.stringify({ ...before, ...unfinished }));
  }
  // What tsc remembers of its outputs does not tell it that one of them is gone or was never written.
  if (!hasScripts || !before?.typescript) rmSync(join(lib, 'dist/.tsbuildinfo'), { force: true });
  const asc = require.resolve('assemblyscript/bin/asc.js');
  const [scriptsAreDone, ...othersAreDone] = await Promise.all([
    !compilesScripts ||
      compile(root, require.resolve('typescript/bin/tsc'), ['-p', 'lib/tsconfig.build.json']),
    !bundlesWidgets || bundleWidgets(root),
    ...KERNEL_BUILDS.map(
      ({ source, options, output }) =>
        !compilesKernels || compile(root, asc, [source, ...options, '--outFile', output]),
    ),
  ]);
  if (!scriptsAreDone && before) {
    // tsc writes nothing when it finds errors, and can go on from what it remembers.
    replaceFile(record, JSON.stringify({ ...before, ...unfinished, typescript: before.typescript }));
  }
  if (!scriptsAreDone || !othersAreDone.every(Boolean)) return false;
  if (bundlesBrowser && !(await bundleForBrowser(root))) return false;

  for (const [copy, text] of staleManifests(root)) replaceFile(copy, text);
  removeOrphans(join(lib, 'dist'), new Set(modules), new Set(bundles));
  if (JSON.stringify(after) !== JSON.stringify(before)) replaceFile(record, JSON.stringify(after));
  return true;
}

/** Writes TypeScript's side of the kernels anew where it has changed. @returns whether it has */
async function writeKernelTypes(root: string): Promise<boolean> {
  // It needs TypeScript's parser, which takes a while to load.
  const { kernelTypes } = await import('./kernelTypes');
  const changed = KERNEL_TYPES.filter(({ source, name, output }) => {
    const [file, text] = [join(root, output), kernelTypes(join(root, source), name)];
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
    replaceFile(file, text);
    return true;
  });
  return changed.length > 0;
}

/** Compiles the kernel in which notebooks run, as {@link build} does with lib. */
async function buildNotebookKernel(root = ROOT): Promise<boolean> {
  if (lookAtNotebookKernel(root).isCompiled) return true;
  try {
    return await oneAtATime(lockOf(root, 'kernel'), () => compileNotebookKernel(root));
  } catch (error) {
    throw inWords(error);
  }
}

function lookAtNotebookKernel(root: string) {
  const folder = join(root, 'scripts/kernel');
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const hash = createHash('sha256').update(packageVersion('typescript'));
  for (const file of ['tsconfig.json', ...sources.map((name) => `scripts/kernel/${name}`)]) {
    hash.update(readFileSync(join(root, file)));
  }
  const [record, id] = [join(folder, 'dist/built'), hash.digest('hex')];
  const modules = sources.map((name) => name.replace(/\.ts$/, ''));
  const isThere = modules.every((name) => existsSync(join(folder, 'dist', `${name}.js`)));
  const isCompiled = isThere && existsSync(record) && readFileSync(record, 'utf8') === id;
  return { record, id, isCompiled };
}

async function compileNotebookKernel(root: string): Promise<boolean> {
  const { record, id, isCompiled } = lookAtNotebookKernel(root);
  if (isCompiled) return true;
  rmSync(join(root, 'scripts/kernel/dist'), { recursive: true, force: true });
  if (!(await compile(root, require.resolve('typescript/bin/tsc'), ['-p', 'scripts/kernel/tsconfig.json'])))
    return false;
  replaceFile(record, id);
  return true;
}

function isUnwritable(error: unknown): error is NodeJS.ErrnoException {
  return ['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** A project that another user owns, a read-only or a full disk: nothing that a stack would explain. */
function inWords(error: unknown): unknown {
  if (!isUnwritable(error)) return error;
  return new ExpectedError(
    `what has changed cannot be compiled, since nothing can be written here: ${error.message}`,
  );
}

/** Two commands at once, such as tests and a notebook, would else compile into one folder together. */
function lockOf(root: string, part: string): string {
  return join(root, 'node_modules/.cache/convlab', `build-${part}.lock`);
}

/** Everything that is compiled. Read before compiling, so that a change in between is noticed the next time. */
function readSources(folder: string, before: Sources): Sources {
  const names = (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => name.split(sep).join('/'))
    .filter((name) => name.endsWith('.ts') && !/\.test\.ts$|(^|\/)testdata(\/|\.ts$)/.test(name))
    .sort();
  return Object.fromEntries(
    names.map((name): [string, Source] => {
      const file = join(folder, name);
      const known = before[name];
      if (known === undefined || hasChanged(file, known)) return [name, readSource(file)];
      return [name, { ...known, mtimeMs: statSync(file).mtimeMs }];
    }),
  );
}

function hashOf(sources: Sources, counts: (name: string) => boolean, rest: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(rest));
  for (const name of Object.keys(sources).filter(counts)) hash.update(`${name} ${sources[name].sha256}\n`);
  return hash.digest('hex');
}

function packageVersion(name: string): string {
  return (JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8')) as { version: string })
    .version;
}

function compile(root: string, compiler: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, [compiler, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done(code === 0));
  });
}

/** Copies of what is known of the data sets, for the package, which has no `data/` beside it: where one has to be written anew. */
function staleManifests(root: string): [copy: string, text: string][] {
  return readdirSync(join(root, 'data'))
    .filter((file) => file.endsWith('.json'))
    .map((name): [string, string] => [
      join(root, 'lib/dist/data', name),
      readFileSync(join(root, 'data', name), 'utf8'),
    ])
    .filter(([copy, text]) => !existsSync(copy) || readFileSync(copy, 'utf8') !== text);
}

/**
 * Deletes the output of sources that are gone.
 * @param modules paths of all existing modules, without extension @param bundles the files of all existing widgets
 */
function removeOrphans(dist: string, modules: ReadonlySet<string>, bundles: ReadonlySet<string>): void {
  for (const path of readdirSync(dist, { recursive: true }) as string[]) {
    const compiled = /^(.*?)(\.d\.ts|\.js|\.js\.map|\.mjs)$/.exec(path.split(sep).join('/'));
    if (compiled && !modules.has(compiled[1]) && !bundles.has(join(dist, path))) rmSync(join(dist, path));
  }
}

if (require.main === module) {
  runTool('npm run build', async () => {
    const succeeded = await Promise.all([build(), buildNotebookKernel()]);
    process.exitCode = succeeded.every(Boolean) ? 0 : 1;
  });
}
