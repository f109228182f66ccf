/** Writes the reports of a run into a folder, each file whole or not at all. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeLeftOvers, replaceFile } from '../../replaceFile';
import type { RunResult } from '../result';
import { reportPage } from './html/page';
import { resultsJson } from './json';
import { junitXml } from './junit';

/**
 * Writes junit.xml, results.json and report.html, the folder too if need be.
 *
 * @throws Error naming the folder or file that could not be written, and why
 */
export function writeReports(folder: string, result: RunResult): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw failed(folder, error);
  }
  removeLeftOvers(folder);
  write(join(folder, 'junit.xml'), junitXml(result));
  write(join(folder, 'results.json'), resultsJson(result));
  write(join(folder, 'report.html'), reportPage(result));
}

function write(path: string, text: string): void {
  try {
    replaceFile(path, text);
  } catch (error) {
    throw failed(path, error);
  }
}

function failed(path: string, cause: unknown): Error {
  return new Error(`report: ${path} could not be written: ${(cause as Error).message}`, { cause });
}
