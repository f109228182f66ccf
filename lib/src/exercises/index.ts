/** Exercises of the course and the check of a learner's answers, with measured hints. */
export { check, checkExamples } from './check';
export { hiddenTests } from './homework/hiddenTests';
export type { HiddenTests } from './homework/hiddenTests';
export { checkNetwork } from './homework/network';
export type { NetworkBudget, NetworkEntry, NetworkLimits } from './homework/network';
export type { CheckedCase, CheckResult } from './result';
