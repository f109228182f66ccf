/**
 * `npm run check:commits [-- main]`: checks that the commits which the branch (default `main`) does not have yet have
 * subjects of at most 72 characters, so that `git log --oneline` and code hosts show them in full.
 */
import { spawnSync } from 'node:child_process';
import { ExpectedError, runTool } from './commandLine';

const LONGEST = 72;

runTool('npm run check:commits', ([base = 'main']) => {
  const args = ['log', '--no-merges', '--format=%h %s', `${base}..HEAD`, '--'];
  const { status, stdout, stderr, error } = spawnSync('git', args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new ExpectedError(
      `git cannot compare with '${base}', expected a branch (${error?.message ?? stderr.trim()})`,
    );
  }
  const tooLong = stdout.split('\n').filter((line) => line.slice(line.indexOf(' ') + 1).length > LONGEST);
  for (const line of tooLong)
    console.error(`check:commits: subject longer than ${LONGEST} characters: ${line}`);
  process.exitCode = tooLong.length > 0 ? 1 : 0;
});
