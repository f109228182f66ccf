/** tfjs-node 4.22, TensorFlow's C library for TensorFlow.js: what has to be so before it is loaded. */
import { readFileSync } from 'node:fs';
import { requireLate } from './tensorflow';

export class NotInstalled extends Error {}

/**
 * Loads tfjs-node, which makes its backend TensorFlow.js' current one. TensorFlow prints nothing but fatal errors, unless
 * TF_CPP_MIN_LOG_LEVEL is set.
 *
 * @param path of the package
 * @throws NotInstalled
 * @throws Error when it cannot be loaded
 */
export function loadTfjsNode(path: string): void {
  try {
    requireLate.resolve(path);
  } catch {
    throw new NotInstalled();
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    checkProcessor(readFileSync('/proc/cpuinfo', 'utf8'));
  }
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  supplyRemovedUtilities();
  requireLate(path);
}

/** TensorFlow's binaries for x64 abort the process, and with it a notebook's kernel, where there is no AVX. */
export function checkProcessor(cpuinfo: string): void {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  if (flags !== undefined && !/\bavx\b/.test(flags)) {
    throw new Error('this processor lacks the AVX instructions that TensorFlow needs');
  }
}

/** tfjs-node calls two functions that Node 23 has removed; its own fix is merged but not yet released. */
function supplyRemovedUtilities(): void {
  const util = requireLate('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
