/**
 * A figure is a description: a kind, the numbers and options of that kind, and one line of text. It is plain data, and
 * what it looks like is decided where it is drawn.
 */
import type { Plot } from './scene';
import { oneLine } from './text';

/** What all figures have. */
export interface FigureBase {
  readonly kind: string;
  readonly title?: string;
  /** One line: what the figure shows. Stands for the figure where no picture can be. */
  readonly description: string;
}

/** What is known of a kind of figure. */
export interface Kind<F extends FigureBase> {
  /** Throws unless the fields are right; `name` is what the figure is called in messages. */
  check(callee: string, figure: object, name: string): asserts figure is F;
  /** `shrink`: the share of its size to which a figure is shrunk in a row, as far as it stays readable; 0.4 to 1. */
  layOut(figure: F, shrink: number): Plot;
}

/** The kind of a figure with its title, as descriptions begin. */
export function titled(kind: string, title: string | undefined): string {
  return title ? `${kind} “${oneLine(title)}”` : kind;
}
