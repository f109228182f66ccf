/** Exercises of the course and the check of a learner's answers, with measured hints. */
export { check, checkExamples } from './check';
export { hiddenTests } from './homework/hiddenTests';
export type { HiddenTests } from './homework/hiddenTests';
export type { CheckedCase, CheckResult } from './result';
