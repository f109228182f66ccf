/** Errors that a teacher can do something about: their message says it all. */
import { QueueError } from '../../jobs/queue/connection';
import { NotebookError } from '../../notebooks/notebook/notebook';
import { AssignmentError } from '../assignment/source';
import { GradebookError } from '../gradebook/database';

export function isExpected(error: unknown): error is Error {
  return [AssignmentError, NotebookError, GradebookError, QueueError].some((kind) => error instanceof kind);
}
