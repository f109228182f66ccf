/** Finds the browser for tests. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installCommand, SetUpError } from './advice';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    `${process.env.PROGRAMFILES}\\Google\\Chrome\\Application\\chrome.exe`,
    `${process.env['PROGRAMFILES(X86)']}\\Microsoft\\Edge\\Application\\msedge.exe`,
  ],
};

/** The program that `CHROMIUM` names, or the system's Chromium or Chrome. @throws SetUpError when there is none */
export function findChromium(): string {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') {
    const program = named.includes('/') || named.includes('\\') ? named : onPath(named);
    if (program && isProgram(program)) return program;
    throw new SetUpError(`CHROMIUM is '${named}', which is no program`);
  }
  const found = NAMES.map(onPath).find(Boolean) ?? PLACES[process.platform]?.find(isProgram);
  if (found) return found;
  throw new SetUpError('there is no Chromium or Chrome (CHROMIUM may name one)', installCommand('chromium'));
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
