/** Ends a process with all that it has started: Jupyter gives each kernel a session of its own, so a group is not all. */
import { spawnSync } from 'node:child_process';

/** Kills at once, without asking. A process that has ended meanwhile is no error. */
export function killTree(pid: number): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f']);
    return;
  }
  for (const one of [pid, ...descendants(pid)]) {
    try {
      process.kill(one, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/** Where there is no `ps`, none are found; the project's kernel ends by itself when its parent is gone. */
function descendants(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = (stdout ?? '').split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  const childrenOf = (parent: number): number[] =>
    pairs.flatMap(([child, its]) => (its === parent ? [child, ...childrenOf(child)] : []));
  return childrenOf(pid);
}
