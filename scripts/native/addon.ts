/**
 * Compiles tfjs-node's addon against the C library in the package's `deps`. It needs a C++ compiler and the headers of
 * Node-API, no more: neither node-gyp, which would need Python and make, nor a download from nodejs.org.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installCommand } from '../lab/advice';
import { unpackNpmPackage } from './npmPackage';
import { lastLines, run, StepError } from './step';

const STEP = 'Compiling the addon';
/** The newest Node-API that tfjs-node knows; the headers of Node 20 and later have it. */
const NAPI = 8;

/** What tfjs-node calls its addon. */
const ADDON = 'tfjs_binding.node';

/** Where tfjs-node looks for its addon. */
export const addonFolder = (folder: string): string => join(folder, 'lib', `napi-v${NAPI}`);

/**
 * @param folder the package's
 * @param node the Node whose headers are taken, if it has them
 * @throws StepError
 */
export async function compileAddon(folder: string, node = process.execPath): Promise<void> {
  const compiler = await findCompiler();
  const headers = await nodeHeaders(folder, node);
  const deps = join(folder, 'deps');
  const compile = async (
    name: string,
    sources: readonly string[],
    libraries: readonly string[],
  ): Promise<void> => {
    const { code, printed } = await run(compiler, [
      // As binding.gyp and node-gyp have it.
      ...['-shared', '-fPIC', '-O2', '-std=gnu++17', '-w', `-DNAPI_VERSION=${NAPI}`],
      ...['-DNODE_GYP_MODULE_NAME=tfjs_binding', '-DBUILDING_NODE_EXTENSION'],
      ...[`-I${headers}`, `-I${join(deps, 'include')}`, ...sources],
      ...[`-L${join(deps, 'lib')}`, ...libraries, '-Wl,-rpath,$ORIGIN/../../deps/lib'],
      ...['-o', join(addonFolder(folder), name)],
    ]);
    if (code !== 0) throw new StepError(STEP, `${compiler} says:\n${lastLines(printed)}`);
  };
  rmSync(addonFolder(folder), { recursive: true, force: true });
  mkdirSync(addonFolder(folder), { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(folder, 'binding', name));
  await compile('tfjs_backend.so', sources, ['-ltensorflow', '-ltensorflow_framework']);
  await compile(ADDON, [join(__dirname, 'loader.cc')], ['-ldl']);
}

async function findCompiler(): Promise<string> {
  const { CXX } = process.env;
  const names = CXX ? [CXX] : ['c++', 'g++', 'clang++'];
  for (const name of names) {
    const works = await run(name, ['--version']).then(
      ({ code }) => code === 0,
      () => false,
    );
    if (works) return name;
  }
  const looked = CXX ? `CXX is '${CXX}', which cannot be run` : `looked for ${names.join(', ')}`;
  throw new StepError(STEP, `there is no C++ compiler (${looked})`, installCommand('compiler'));
}

/** Of the Node's installation; else from npm, where Node's makers publish those of Node-API. */
async function nodeHeaders(folder: string, node: string): Promise<string> {
  const installed = join(dirname(node), '..', 'include', 'node');
  if (existsSync(join(installed, 'node_api.h'))) return installed;
  const unpacked = join(folder, 'node-api-headers');
  await unpackNpmPackage('node-api-headers@1', unpacked);
  return join(unpacked, 'include');
}
