/**
 * How many of an engine's threads are worth using. Threads wait for each other in every step, so that one whose core
 * another process uses makes all of them wait: two threads can then be slower than one. What a step takes with one
 * thread less, or one more, is tried for a moment when there is a reason to, and the faster number stays.
 */

/** Milliseconds of steps, and steps, by which a number of threads is judged: several time slices of the system. */
const WINDOW = 40;
const WINDOW_STEPS = 4;
/** The share of the threads' time spent waiting from which fewer may be better. */
const MUCH_WAITING = 0.1;
/** Milliseconds from one trial to the next. Each trial that failed doubles them, so that trials cost at most 2 %. */
const SHORTEST_PAUSE = 100;
const LONGEST_PAUSE = 2000;

export class ThreadTuner {
  private count: number;
  /** The first window also compiles code and fills caches. */
  private warm = false;
  private elapsed = 0;
  private waited = 0;
  private steps = 0;
  /** The number before the present trial, and milliseconds a step with it. */
  private rival: { readonly count: number; readonly perStep: number } | undefined;
  private pause = SHORTEST_PAUSE;
  private untilTrial = 0;

  /** @param most threads there are, at least 1: the number to begin with */
  constructor(private readonly most: number) {
    this.count = most;
  }

  /**
   * To be called after every step.
   *
   * @param elapsed milliseconds that the step took
   * @param waited milliseconds that the threads waited for each other during it, of all threads together
   * @returns how many threads the next steps are to use
   */
  add(elapsed: number, waited: number): number {
    this.elapsed += elapsed;
    this.waited += waited;
    this.steps++;
    if (this.most > 1 && this.elapsed >= WINDOW && this.steps >= WINDOW_STEPS) this.judge();
    return this.count;
  }

  private judge(): void {
    const { elapsed, rival, count } = this;
    const perStep = elapsed / this.steps;
    const waiting = this.waited / (elapsed * count);
    [this.elapsed, this.waited, this.steps] = [0, 0, 0];
    if (!this.warm) {
      this.warm = true;
      return;
    }
    if (rival) {
      this.rival = undefined;
      const better = perStep < rival.perStep;
      if (!better) this.count = rival.count;
      this.pause = better ? SHORTEST_PAUSE : Math.min(LONGEST_PAUSE, 2 * this.pause);
      this.untilTrial = this.pause;
      return;
    }
    this.untilTrial -= elapsed;
    if (this.untilTrial > 0) return;
    if (count > 1 && waiting > MUCH_WAITING) this.count = count - 1;
    else if (count < this.most) this.count = count + 1;
    if (this.count !== count) this.rival = { count, perStep };
  }
}
