/** Exercises of the course and the check of a learner's answers, with measured hints. */
export { check } from './check';
export type { CheckedCase, CheckResult } from './result';
