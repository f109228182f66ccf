/**
 * How a run is reported: in the terminal while it runs, afterwards as files, as JSON, as annotations on a code host.
 */
export { writeReports } from './files';
export { githubAnnotations } from './github';
export { resultsJson } from './json';
export { terminalReporter } from './terminal';
