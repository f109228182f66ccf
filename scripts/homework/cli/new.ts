/** `npm run homework -- new`: a source notebook to start from. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, UsageError } from '../../commandLine';
import { shownPath } from '../../notebooks/notebook/notebook';
import { replaceFile } from '../../replaceFile';
import { templateNotebook } from '../new/template';
import { notebookText } from '../release/studentVersion';

const usage = `npm run homework -- new NAME

Writes notebooks/homework/source/NAME.ipynb, an assignment with one question of each kind, to be replaced by yours.
`;

const FOLDER = join(__dirname, '../../../notebooks/homework/source');

/** @returns the exit code */
export function newSource(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(args, { help: { type: 'boolean', default: false } }, true);
  if (values.help) {
    console.log(usage);
    return Promise.resolve(0);
  }
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0 || !/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    const given = positionals.join(' ');
    throw new UsageError(
      `new takes one name of small letters, digits and hyphens, such as 5-pooling, not '${given}'`,
    );
  }
  const file = join(FOLDER, `${name}.ipynb`);
  if (existsSync(file)) throw new UsageError(`${shownPath(file)} is there already`);
  mkdirSync(FOLDER, { recursive: true });
  const words = name.replaceAll('-', ' ');
  replaceFile(file, notebookText(templateNotebook(`Assignment ${words}`)));
  console.log(
    `${shownPath(file)}: replace its questions by yours, then npm run homework -- release ${shownPath(file)}`,
  );
  return Promise.resolve(0);
}
