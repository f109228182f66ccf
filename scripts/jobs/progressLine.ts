/** How far a list of jobs is: rewritten in place on a terminal, and a line at each tenth elsewhere. */
import { liveLines } from '../notebooks/report/progress';
import { seconds } from '../notebooks/report/text';
import type { JobsProgress } from './run';

export interface ProgressLine {
  readonly onProgress: (progress: JobsProgress) => void;
  readonly say: (sentence: string) => void;
  readonly end: () => void;
}

/** @param name what the jobs are, in the plural, before the numbers */
export function progressLine(name: string): ProgressLine {
  const { stdout } = process;
  const lines = liveLines(
    (text) => stdout.write(text),
    () => stdout.columns,
  );
  let tenths = 0;
  return {
    onProgress: ({ done, failed, of, secondsLeft, text }) => {
      const ended = done + failed;
      if (of === 0) return;
      const bad = failed === 0 ? '' : `, ${failed} failed`;
      const left = secondsLeft === undefined || ended === of ? '' : `, ${seconds(secondsLeft)} left`;
      const line = `${name}: ${ended} of ${of}${bad}${left}`;
      if (stdout.isTTY) lines.show([line, ...(text === undefined || ended === of ? [] : [`  ${text}`])]);
      else if (Math.floor((10 * ended) / of) > tenths) {
        tenths = Math.floor((10 * ended) / of);
        console.log(line);
      }
    },
    say: (sentence) => {
      if (stdout.isTTY) lines.print(sentence);
      else console.log(sentence);
    },
    end: () => {
      if (stdout.isTTY) lines.show([]);
    },
  };
}
