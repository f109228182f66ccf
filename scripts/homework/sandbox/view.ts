/**
 * All that a student's process gets to read: three bundled files. `convlab` is there without its exercises room, whose
 * right answers and mistakes stay with the grader, and without TensorFlow.js.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { replaceFile } from '../../replaceFile';

const root = join(__dirname, '..', '..', '..');
const source = join(root, 'lib', 'src');
const cache = join(root, 'node_modules', '.cache', 'convlab', 'homework');

/** The files of the view, the first of which is started. */
export const viewFiles = ['main.js', 'room.js', 'convlab.js'] as const;

let made: Promise<string> | undefined;

/** The folder with the three files; its name says what is in them. */
export function studentView(): Promise<string> {
  made ??= makeView();
  return made;
}

async function makeView(): Promise<string> {
  const texts = await Promise.all([
    bundled({ entryPoints: [join(__dirname, 'inside', 'main.ts')], platform: 'node' }),
    bundled({ entryPoints: [join(__dirname, 'inside', 'room.ts')], platform: 'neutral' }),
    bundled({
      entryPoints: [join(source, 'index.ts')],
      platform: 'node',
      external: ['@tensorflow/*', 'nodeplotlib', 'plotly.js-cartesian-dist-min', 'mnist'],
      define: { __dirname: '"/"', __filename: '"/convlab.js"' },
      plugins: [withoutExercises],
    }),
  ]);
  const name = createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16);
  const folder = join(cache, name);
  mkdirSync(folder, { recursive: true });
  viewFiles.forEach((file, i) => {
    const path = join(folder, file);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== texts[i]) replaceFile(path, texts[i]);
  });
  return folder;
}

async function bundled(options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    bundle: true,
    format: 'cjs',
    target: 'node20',
    write: false,
    logLevel: 'silent',
    ...options,
  });
  return outputFiles?.[0].text ?? '';
}

/** What the exercises room offers, by its index. */
function exerciseNames(): string[] {
  const index = readFileSync(join(source, 'exercises', 'index.ts'), 'utf8');
  return [...index.matchAll(/^export \{ (.+) \} from/gm)].flatMap(([, names]) => names.split(', '));
}

/** A solution cell that calls `check` is graded all the same: here it does nothing. */
const withoutExercises: Plugin = {
  name: 'without-exercises',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.\/(exercises|checkBuiltAtLoad)$/ }, ({ path }) => ({
      path,
      namespace: 'absent',
    }));
    bundler.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
      contents: path.endsWith('exercises')
        ? exerciseNames()
            .map((name) => `export function ${name}() {}`)
            .join('\n')
        : '',
    }));
    // Any other way into the room would be a leak.
    bundler.onLoad({ filter: /[\\/]src[\\/]exercises[\\/]/ }, ({ path }) => ({
      errors: [{ text: `${path} must not reach a student's process` }],
    }));
  },
};
