/**
 * Where a site is put. Its folder is replaced as a whole, so it must be one that nobody misses: empty, or written by this
 * command with nothing beside it since.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../commandLine';
import { isRunning } from '../replaceFile';

/** In a site: a line for each file and folder of its top, which tells them from what others have put there. */
const MARK = '.convlab-site';

/** @param out as `--out` names it @throws UsageError when something would be lost there */
export function checkPlace(out: string): void {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) throw new UsageError(`--out is ${out}, a file; expected a folder`);
  const mark = join(out, MARK);
  const written = existsSync(mark) ? [MARK, ...readFileSync(mark, 'utf8').split('\n')] : [];
  const other = readdirSync(out).find((name) => !written.includes(name));
  if (other === undefined) return;
  throw new UsageError(
    `--out is ${out}, where ${other} would be lost: the folder is replaced as a whole; expected one that is empty, or not there yet`,
  );
}

/**
 * Makes a site beside its place and puts it there when it is whole; until then what is there stays as it is.
 *
 * @param make writes the site into the folder that it is given, and may refuse it @returns what `make` returns
 */
export async function putInPlace<T>(out: string, make: (folder: string) => Promise<T>): Promise<T> {
  // A link stays one.
  const place = existsSync(out) ? realpathSync(out) : out;
  // `.site.4711.tmp` and `.site.4711.old.tmp`, which git ignores.
  const beside = join(dirname(place), `.${basename(place)}.${process.pid}`);
  const [made, old] = [`${beside}.tmp`, `${beside}.old.tmp`];
  removeLeftOvers(place);
  try {
    mkdirSync(made, { recursive: true });
    const result = await make(made);
    writeFileSync(join(made, MARK), readdirSync(made).join('\n'));
    if (existsSync(place)) renameSync(place, old);
    renameSync(made, place);
    rmSync(old, { recursive: true, force: true });
    return result;
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** Of commands that were killed. */
function removeLeftOvers(place: string): void {
  const folder = dirname(place);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const writer = name.startsWith(`.${basename(place)}.`) && /\.(\d+)\.tmp$/.exec(name)?.[1];
    if (writer && !isRunning(Number(writer))) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
