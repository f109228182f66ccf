/** One question: its inputs go to the student's process, the answers come back as data and are judged here. */
import type { Exercise } from 'convlab/dist/exercises/exercise';
import { judge, questionsOf, type Verdict } from 'convlab/dist/exercises/judge';
import { outcomeOfReply, type Outcome } from 'convlab/dist/exercises/outcome';
import { judgeValue } from 'convlab/dist/exercises/values';
import { countText, sentence } from 'convlab/dist/exercises/words';
import type { Question } from '../assignment/assignment';
import type { Stopped } from '../sandbox/process';
import { measureNetwork, type NetworkLimits } from '../network/measure';
import { encode, type Wire } from '../sandbox/wire';
import type { QuestionGrade } from './job';
import { replyOf } from './reply';
import type { Session } from './session';

/** How many values an answer, or the arguments of a call, may contain. */
const MOST_VALUES = 100_000;

/** What a question has come to, without its points. */
export type Finding = Pick<QuestionGrade, 'state' | 'message' | 'hint' | 'right' | 'cases' | 'network'>;

/** What takes the grader's time, not the submission's: to be done when no process of it is running. */
export type Measurement = (signal?: AbortSignal) => Promise<Finding>;

/** @param seed decides the random inputs */
export async function askQuestion(
  question: Question,
  session: Session,
  seconds: number,
  seed: number,
): Promise<Finding | Measurement> {
  const { exercise, network, answer } = question;
  if (network !== undefined) return askNetwork(network, answer, session, seconds);
  if (exercise === undefined) throw new Error(`Question ${question.id} has no exercise to grade it by.`);
  return exercise.kind === 'function'
    ? askFunction(exercise, answer, session, seconds, seed)
    : askValue(exercise, answer, session, seconds);
}

async function askFunction(
  exercise: Exercise & { kind: 'function' },
  name: string,
  session: Session,
  seconds: number,
  seed: number,
): Promise<Finding> {
  const questions = questionsOf(exercise, seed);
  const cases = questions.length;
  const notReady = await session.ready();
  if (notReady) return stoppedFinding(notReady, `\`${name}\``, cases);
  const end = performance.now() + 1000 * seconds;
  const outcomes: Outcome[] = [];
  for (const { name: input, args, expected } of questions) {
    const message = { do: 'call', name, args: argumentsOf(args, name), most: MOST_VALUES } as const;
    const line = await session.ask(message, Math.max(0.001, (end - performance.now()) / 1000));
    if ('stopped' in line) {
      const isOwnLimit = line.stopped === 'too long' && line.why.startsWith('takes');
      const why = isOwnLimit ? `takes more than ${seconds} seconds` : line.why;
      return stoppedFinding({ ...line, why }, `With ${input}, \`${name}\``, cases);
    }
    const reply = replyOf(line.line);
    if ('undeclared' in reply) return undeclared(name, session, cases);
    if ('notFunction' in reply) return notFunction(name, cases);
    outcomes.push('fault' in reply ? reply : outcomeOfReply(reply, expected));
  }
  const verdict = judge(exercise, questions, outcomes);
  const passed = `Right in ${countText(cases, 'cases')}, among them ${questions[cases - 1].name}.`;
  return findingOf(verdict, passed);
}

async function askValue(
  exercise: Exercise & { kind: 'value' },
  name: string,
  session: Session,
  seconds: number,
): Promise<Finding> {
  const cases = Object.keys(exercise.quantities).length;
  const line = await session.ask({ do: 'read', name, most: MOST_VALUES }, seconds);
  if ('stopped' in line) return stoppedFinding(line, `\`${name}\``, cases);
  const reply = replyOf(line.line);
  if ('undeclared' in reply) {
    return session.failures.size > 0
      ? undeclared(name, session, cases)
      : { state: 'not written', message: 'Not written yet.', right: 0, cases };
  }
  if (!('value' in reply)) {
    const message = 'fault' in reply ? sentence(reply.fault) : `\`${name}\` cannot be read.`;
    return { state: 'failed', message, right: 0, cases };
  }
  const passed = cases === 1 ? 'Right.' : `Right, all ${cases} of them.`;
  return findingOf(judgeValue(exercise, reply.value), passed);
}

/** One training at a time: it uses all cores. */
let lastTraining: Promise<unknown> = Promise.resolve();

/** The program only describes its network; it is trained and measured here. */
async function askNetwork(
  limits: NetworkLimits,
  name: string,
  session: Session,
  seconds: number,
): Promise<Finding | Measurement> {
  const cases = limits.accuracies.length;
  const notReady = await session.ready();
  if (notReady) return stoppedFinding(notReady, `\`${name}\``, cases);
  const line = await session.ask({ do: 'call', name, args: [], most: MOST_VALUES }, seconds);
  if ('stopped' in line) return stoppedFinding(line, `\`${name}\``, cases);
  const reply = replyOf(line.line);
  if ('undeclared' in reply) return undeclared(name, session, cases);
  if ('notFunction' in reply) return notFunction(name, cases);
  const outcome = 'fault' in reply ? reply : outcomeOfReply(reply, {});
  if ('notWritten' in outcome) return { state: 'not written', message: 'Not written yet.', right: 0, cases };
  if (!('value' in reply)) {
    const fault = 'fault' in outcome ? outcome.fault : 'there is no answer';
    return { state: 'failed', message: sentence(fault), right: 0, cases };
  }
  return async (signal) => {
    const measuring = lastTraining.then(() => measureNetwork(reply.value, limits, signal));
    lastTraining = measuring.catch(() => undefined);
    const { measured, ...finding } = await measuring;
    return { ...finding, ...(measured && { network: measured }) };
  };
}

function notFunction(name: string, cases: number): Finding {
  return {
    state: 'failed',
    message: `\`${name}\` is no function, and a function is asked.`,
    right: 0,
    cases,
  };
}

function stoppedFinding({ stopped, why }: Stopped, subject: string, cases: number): Finding {
  return { state: stopped, message: `${subject} ${why}.`, right: 0, cases };
}

function findingOf({ state, right, measured, hint }: Verdict, passed: string): Finding {
  const rightOnes = right.filter(Boolean).length;
  const counts = { right: rightOnes, cases: right.length };
  if (state === 'passed') return { state, message: passed, ...counts };
  if (state === 'not written') return { state, message: 'Not written yet.', ...counts };
  const among =
    right.length > 1 ? [`Right in ${rightOnes || 'none'} of ${countText(right.length, 'cases')}.`] : [];
  const message = [measured, ...(hint === undefined ? [] : [hint]), ...among].join(' ');
  return { state: 'wrong', message, ...(hint !== undefined && { hint }), ...counts };
}

/** The cells have run, and the name is not there. */
function undeclared(name: string, { failures }: Session, cases: number): Finding {
  const why = [...failures].map(([cell, what]) => `the cell ${cell} ${what}`);
  const because = why.length > 0 ? `: ${why.join('; ')}` : '';
  return {
    state: 'failed',
    message: `\`${name}\` does not exist after the cells have run${because}.`,
    right: 0,
    cases,
  };
}

function argumentsOf(args: readonly unknown[], name: string): Wire[] {
  return args.map((arg, i) => {
    const wire = encode(arg, MOST_VALUES);
    if (JSON.stringify(wire).includes('{"$":"function"')) {
      throw new Error(
        `The tests call ${name} with a function as its argument ${i + 1}, expected plain data: only that reaches a student's process.`,
      );
    }
    return wire;
  });
}
