/** webpack, which this repository does without, in a project of its own: downloaded by npm, or found in npm's cache. */
import { spawnSync } from 'node:child_process';
import type { Project } from './project';

type Target = 'node' | 'web';

export interface Webpack {
  /**
   * Bundles a script of the project as for production.
   *
   * @param external packages that the bundle leaves out
   * @returns what webpack complains of
   */
  bundle(entry: string, output: string, target: Target, external?: readonly string[]): readonly string[];
}

/** @returns why it cannot be had, where npm says so */
export function installWebpack(project: Project): Webpack | string {
  const { folder } = project;
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--no-save', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', 'bundler', 'webpack@5'], // prettier-ignore
    { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32', timeout: 300_000 },
  );
  if (status !== 0) return `npm cannot install webpack here: ${stderr.trim().split('\n')[0]}`;
  return {
    bundle(entry, output, target, external = []) {
      const options = {
        ...{ mode: 'production', context: folder, entry: `./${entry}`, target, externalsType: 'commonjs' },
        externals: [...external],
        // As most do: what is downloaded is made small.
        optimization: { minimize: target === 'web' },
        output: { path: folder, filename: output },
      };
      project.write(
        'bundler/bundle.js',
        `require('webpack')(${JSON.stringify(options)}, (error, stats) => {
           if (error) throw error;
           const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
           console.log(JSON.stringify([...errors, ...warnings].map(({ message }) => message)));
         });`,
      );
      const said = project.run('bundler/bundle.js');
      try {
        return JSON.parse(said) as string[];
      } catch {
        return [said];
      }
    },
  };
}
