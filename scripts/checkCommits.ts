/**
 * `npm run check:commits [-- main]`: checks that the commits which the branch (default `main`) does not have yet have
 * subjects of at most 72 characters, so that `git log --oneline` and code hosts show them in full.
 */
import { execFileSync } from 'node:child_process';

const LONGEST = 72;
const base = process.argv[2] ?? 'main';
const log = execFileSync('git', ['log', '--no-merges', '--format=%h %s', `${base}..HEAD`], {
  encoding: 'utf8',
});
const tooLong = log.split('\n').filter((line) => line.slice(line.indexOf(' ') + 1).length > LONGEST);
for (const line of tooLong)
  console.error(`check:commits: subject longer than ${LONGEST} characters: ${line}`);
process.exitCode = tooLong.length > 0 ? 1 : 0;
