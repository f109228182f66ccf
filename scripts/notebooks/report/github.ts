/**
 * Annotations of GitHub Actions: workflow commands, which the runner reads from the log
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
import type { RunResult } from '../result';
import { kindOf, place, plain } from './text';

/** Workflow commands, one line per failure; '' if there are none. */
export function githubAnnotations(result: RunResult): string {
  return result.notebooks
    .flatMap((notebook) =>
      notebook.failures.map((failure) => {
        // The line of a cell is not a line of the file, so the place goes into the title.
        const title = [kindOf(failure), place(failure)].filter((part) => part !== '').join(', ');
        return (
          `::error file=${escapeProperty(notebook.path)},title=${escapeProperty(title)}` +
          `::${escapeData(plain(failure.message))}\n`
        );
      }),
    )
    .join('');
}

/** As the runner's toolkit does it: `%` first, for the others bring new ones. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(plain(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
