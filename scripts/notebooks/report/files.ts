/** Writes the reports of a run into a folder, each file whole or not at all. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WriteReports } from '../result';
import { reportPage } from './html/page';
import { resultsJson } from './json';
import { junitXml } from './junit';

/**
 * Writes junit.xml, results.json and report.html, the folder too if need be; resolves to their paths.
 *
 * @throws Error naming the folder or file that could not be written, and why
 */
export const writeReports: WriteReports = async (folder, result) => {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw failed(folder, error);
  });
  const files = [
    { name: 'junit.xml', text: junitXml(result) },
    { name: 'results.json', text: resultsJson(result) },
    { name: 'report.html', text: reportPage(result) },
  ];
  const paths: string[] = [];
  for (const { name, text } of files) paths.push(await writeWhole(folder, name, text));
  return paths;
};

/** A crash or a full disk leaves the old file or the new one: the text is on the disk before the name points to it. */
async function writeWhole(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  const temporary = join(folder, `.${name}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw failed(path, error);
  }
  return path;
}

function failed(path: string, cause: unknown): Error {
  return new Error(`report: ${path} could not be written: ${(cause as Error).message}`, { cause });
}
