/** `npm run homework -- COMMAND …`: assignments written, released, checked at home, graded and given back. */
import { runTool, UsageError } from '../commandLine';

const usage = `npm run homework -- COMMAND …

  new NAME                         a source notebook to start from
  release SOURCE… [--out DIR]      the students' version, once the tests are proved
  check NOTEBOOK                   at home: what the visible checks say
  grade SUBMISSIONS… [--out DIR]   grades a folder of submissions
  points …                         points and comments given by a person
  remove STUDENT [ASSIGNMENT]      takes a student, or what they handed in for an assignment, out of the gradebook

Each command lists its options with --help. notebooks/homework/README.md goes through all of them.
`;

/** Loaded when they are asked for: a student's check needs no gradebook. Each gives the exit code. */
const commands: Readonly<Record<string, () => Promise<(args: readonly string[]) => Promise<number>>>> = {
  check: async () => (await import('./cli/check')).check,
  grade: async () => (await import('./cli/grade')).grade,
  points: async () => (await import('./cli/points')).points,
  remove: async () => (await import('./cli/remove')).remove,
  new: async () => (await import('./cli/new')).newSource,
  release: async () => (await import('./cli/release')).release,
};

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined || name === '--help') {
    console.log(usage);
    return;
  }
  if (!Object.hasOwn(commands, name)) {
    throw new UsageError(`'${name}' is no command, expected one of ${Object.keys(commands).join(', ')}`);
  }
  const command = await commands[name]();
  process.exitCode = await command(args);
}

runTool('homework', main);
