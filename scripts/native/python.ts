/**
 * The other way: a TensorFlow for Python, from version 2.13 on, carries the C library and its headers. Of these the
 * package gets links, not copies: they have a gigabyte.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { compileAddon } from './addon';
import { lastLines, run, StepError } from './step';

const STEP = 'Finding TensorFlow in Python';

export interface PythonTensorFlow {
  /** The Python that has it. */
  readonly python: string;
  /** Its folder, `…/site-packages/tensorflow`. */
  readonly folder: string;
}

/** Finds the package without importing it, which takes seconds. */
const PROBE = `
import importlib.util
spec = importlib.util.find_spec("tensorflow")
print(next(iter(spec.submodule_search_locations)) if spec else "")
`;

/** What the names that the linker and the loader look for are called in the package. */
const LIBRARIES = [
  ['libtensorflow.so', 'libtensorflow_cc.so.2'],
  ['libtensorflow_cc.so.2', 'libtensorflow_cc.so.2'],
  ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'],
  ['libtensorflow_framework.so.2', 'libtensorflow_framework.so.2'],
] as const;

const NEEDED = [
  'libtensorflow_cc.so.2',
  'libtensorflow_framework.so.2',
  join('include', 'tensorflow', 'c', 'c_api.h'),
];

/**
 * The first TensorFlow with a C library: of the Python given, else of the active virtual environment, else of `python3`.
 *
 * @throws StepError that says what each of them lacks
 */
export async function findTensorFlow(named?: string): Promise<PythonTensorFlow> {
  const { VIRTUAL_ENV } = process.env;
  const candidates =
    named === undefined ? [...(VIRTUAL_ENV ? [join(VIRTUAL_ENV, 'bin', 'python')] : []), 'python3'] : [named];
  const lacks: string[] = [];
  for (const python of candidates) {
    const found = await look(python);
    if (typeof found !== 'string') return found;
    lacks.push(`${python} ${found}`);
  }
  throw new StepError(
    STEP,
    lacks.join('; '),
    'python3 -m venv FOLDER && FOLDER/bin/pip install tensorflow-cpu, then npm run setup:native -- --python FOLDER/bin/python',
  );
}

/** Or what it lacks, in words that complete "this Python …". */
async function look(python: string): Promise<PythonTensorFlow | string> {
  let folder: string;
  try {
    const { code, stdout, printed } = await run(python, ['-c', PROBE]);
    if (code !== 0) return `cannot look for it (${lastLines(printed, 1)})`;
    folder = stdout.trim();
  } catch (error) {
    return `cannot be run (${(error as NodeJS.ErrnoException).code})`;
  }
  if (folder === '') return 'has no TensorFlow';
  const missing = NEEDED.filter((file) => !existsSync(join(folder, file)));
  if (missing.length === 0) return { python, folder };
  return `has a TensorFlow without ${missing.join(', ')} (version 2.13 and later have them, for Linux)`;
}

/** Links the library into the package and compiles the addon against it. @param folder the package's @throws StepError */
export async function fromPython(folder: string, tensorflow: PythonTensorFlow): Promise<void> {
  const deps = join(folder, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(join(deps, 'lib'), { recursive: true });
  symlinkSync(join(tensorflow.folder, 'include'), join(deps, 'include'));
  for (const [name, library] of LIBRARIES) {
    symlinkSync(join(tensorflow.folder, library), join(deps, 'lib', name));
  }
  await compileAddon(folder);
}
