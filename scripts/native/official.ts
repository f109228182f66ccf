/**
 * The official way: Google's libtensorflow, and the addon compiled against it, from where tfjs-node's own install script
 * gets them, or from the mirrors that its variables name.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { download, isLocal, reasonOf, SILENCE_SECONDS } from '../download/download';
import type { Progress } from '../download/progress';
import { addonFolder, compileAddon } from './addon';
import { unpack } from './npmPackage';
import { StepError } from './step';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Puts the library and the addon into the package.
 *
 * @param folder the package's
 * @param part where a download stands until it is whole, and goes on in a later run
 * @throws StepError
 */
export async function fromOfficialBuilds(
  folder: string,
  part: string,
  progress: Progress,
  { variables = process.env, silenceSeconds = SILENCE_SECONDS } = {},
): Promise<void> {
  const step = 'Downloading libtensorflow';
  await fetchArchive(step, libraryAddress(folder, variables), part, progress, silenceSeconds);
  const deps = join(folder, 'deps');
  rmSync(deps, { recursive: true, force: true });
  await unpackDownload(step, part, deps);
  try {
    const addon = 'Downloading the addon';
    await fetchArchive(addon, addonAddress(folder, variables), part, progress, silenceSeconds);
    await unpackDownload(addon, part, join(addonFolder(folder), '..'));
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    progress.say(`${error.message}\n  It is compiled instead.`);
    await compileAddon(folder);
  }
}

/** As tfjs-node's scripts/install.js has it. */
export function libraryAddress(folder: string, variables: Variables): string {
  const { TFJS_NODE_CDN_STORAGE: cdn, npm_config_TFJS_NODE_CDN_STORAGE: npmCdn, CDN_STORAGE } = variables;
  const host = cdn || npmCdn || CDN_STORAGE || 'https://storage.googleapis.com/';
  if (arch() === 'arm64') return `${host}tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz`;
  const base =
    variables.TFJS_NODE_BASE_URI ||
    variables.npm_config_TFJS_NODE_BASE_URI ||
    `${host}tensorflow/libtensorflow/libtensorflow-`;
  const constants = readFileSync(join(folder, 'scripts', 'deps-constants.js'), 'utf8');
  const version = /LIBTENSORFLOW_VERSION = '([\d.]+)'/.exec(constants)?.[1];
  if (version === undefined) throw new Error('scripts/deps-constants.js of tfjs-node names no version');
  return `${base}cpu-linux-x86_64-${version}.tar.gz`;
}

/** As node-pre-gyp has it. */
function addonAddress(folder: string, variables: Variables): string {
  const { version, binary } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    binary: { host: string };
  };
  const host = variables.npm_config_tfjs_binding_binary_host_mirror || binary.host;
  return `${host.replace(/\/*$/, '/')}napi-v8/${version}/CPU-linux-${version}.tar.gz`;
}

const MIRRORS =
  'connect to the network, or name a mirror in TFJS_NODE_CDN_STORAGE, or a proxy in HTTPS_PROXY';

async function fetchArchive(
  step: string,
  address: string,
  part: string,
  progress: Progress,
  silenceSeconds: number,
): Promise<void> {
  mkdirSync(join(part, '..'), { recursive: true });
  try {
    await download(address, part, {
      name: address.slice(address.lastIndexOf('/') + 1),
      progress,
      silenceSeconds,
    });
  } catch (error) {
    if (isLocal(error)) throw new StepError(step, `${part} cannot be written (${reasonOf(error)})`);
    throw new StepError(step, `${address}: ${reasonOf(error)}`, MIRRORS);
  }
}

/** Whatever cannot be unpacked is thrown away, for a later run would only append to it. */
async function unpackDownload(step: string, part: string, folder: string): Promise<void> {
  const start = readFileSync(part).subarray(0, 64).toString('latin1');
  try {
    if (/^\s*<(!doctype|html|\?xml)/i.test(start)) {
      throw new StepError(step, 'the server gives a web page, not an archive', MIRRORS);
    }
    await unpack(step, part, folder);
  } finally {
    rmSync(part, { force: true });
  }
}
