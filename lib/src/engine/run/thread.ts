/**
 * A run on one thread. All threads run this by themselves over the shared memory and meet at barriers, two per step.
 * Every piece of work gives the same numbers whichever thread takes it, and sums run in a fixed order: the result
 * does not depend on the number of threads.
 */
import { Batch } from './batch';
import type { Job, NotFinite, Outcome, PredictJob, RunOptions, TrainJob } from './job';
import type { Kernels } from '../kernels/signatures';
import type { Plan } from '../plan/plan';
import { CHUNK, PREDICT_GROUP } from '../plan/plan';
import type { RunState } from './runState';
import { ThreadTuner } from '../threads/tuner';
import { Update } from './update';

export class Thread {
  private readonly batch: Batch;
  private readonly floats: Float32Array;
  private readonly losses: Float64Array;
  private readonly correct: Int32Array;
  private readonly counters: Float64Array;
  /** Weights, optimizer state, averages, counters. */
  private readonly state: Uint8Array;
  /** The first thread decides how many take part. */
  private readonly tuner: ThreadTuner;

  constructor(
    private readonly plan: Plan,
    private readonly kernels: Kernels,
    memory: WebAssembly.Memory,
    private readonly runState: RunState,
    private readonly index: number,
    private readonly options: RunOptions,
  ) {
    this.tuner = new ThreadTuner(plan.threads);
    this.batch = new Batch(plan, kernels, memory, runState, index, options);
    this.floats = new Float32Array(memory.buffer);
    this.losses = new Float64Array(memory.buffer, plan.losses, plan.batchSize);
    this.correct = new Int32Array(memory.buffer, plan.correct, plan.batchSize);
    this.counters = new Float64Array(memory.buffer, plan.counters, 3);
    this.state = new Uint8Array(memory.buffer, plan.stateFrom, plan.stateTo - plan.stateFrom);
  }

  run(job: Job): Outcome {
    const { runState, plan, batch } = this;
    batch.passes.begin(job.kind === 'predict' && job.averaged);
    if (job.kind === 'predict') {
      runState.barrier.participants = plan.threads;
      this.packed(job.averaged);
      return this.predict(job);
    }
    runState.barrier.participants = runState.activeAtStart;
    try {
      return this.train(job);
    } finally {
      if (this.index === 0) runState.finish();
    }
  }

  /** Packs the weights for the forward pass, together with the other threads that take part. */
  private packed(averaged: boolean): Update {
    const update = new Update(
      this.plan,
      this.kernels,
      this.counters,
      this.batch.passes.scratch,
      this.options,
    );
    if (this.index >= this.runState.barrier.participants) return update;
    this.batch.parallelFor(update.units.length, (i) => update.prepare(update.units[i], averaged));
    this.runState.barrier.wait();
    return update;
  }

  private train(job: TrainJob): Outcome {
    const { plan, batch, runState, state, index } = this;
    const { count } = job.images;
    const before = index === 0 ? state.slice() : undefined;
    const update = this.packed(false);
    const { done, failed } = this.steps(job, update, Math.ceil(count / plan.batchSize), true);
    if (failed === undefined) {
      if (index === 0) {
        if (job.kind === 'train') update.finish();
        else if (before) state.set(before);
      }
      return { steps: done, notFinite: null };
    }
    // Nothing of the failed step may stay, and a copy before every step would cost more than a rare failure is worth:
    // go back to where the run began and repeat, with the same bits, the steps before this one.
    runState.barrier.wait();
    let where = '';
    if (before) {
      const position = done * plan.batchSize;
      const images = Math.min(plan.batchSize, count - position);
      where =
        failed === 'loss'
          ? batch.firstNotFinite(job, position, images, update.stepsDone)
          : batch.firstWeightsNotFinite();
      state.set(before);
      runState.recover();
    }
    runState.barrier.wait();
    const again = this.packed(false);
    if (job.kind === 'train') this.steps(job, again, done, false);
    if (index !== 0) return { steps: done, notFinite: null };
    again.finish();
    return { steps: done, notFinite: { index: done, where } };
  }

  /**
   * The run's steps before `end`. One fails by a loss, or by weights, moments or moving averages, that are not finite:
   * `done` does not count it. `told`: the caller hears of the progress, and may stop it.
   */
  private steps(
    job: TrainJob,
    update: Update,
    end: number,
    told: boolean,
  ): { done: number; failed?: 'loss' | 'state' } {
    const { plan, runState, batch, tuner } = this;
    const { barrier } = runState;
    const { count } = job.images;
    const learns = job.kind === 'train';
    let done = 0;
    let last = performance.now();
    let { total: waited } = barrier.waitedSince(0);
    for (;;) {
      if (this.index >= barrier.participants) {
        const joined = runState.awaitTurn(this.index);
        if (joined === null) return { done };
        for (; done < joined; done++) if (learns) update.advance();
        barrier.participants = runState.active;
      }
      if (done >= end || (told && runState.stopped)) return { done };
      const position = done * plan.batchSize;
      const images = Math.min(plan.batchSize, count - position);
      batch.run(job, position, images, update.stepsDone);
      barrier.wait();

      let loss = 0;
      for (let i = 0; i < images; i++) loss += this.losses[i];
      // All threads see the same sum, and stop before the weights change.
      if (!Number.isFinite(loss)) return { done, failed: 'loss' };
      let correct = 0;
      if (this.index === 0 && told) {
        for (let i = 0; i < images; i++) correct += this.correct[i];
        runState.decide();
        const now = performance.now();
        const since = barrier.waitedSince(waited);
        const active = tuner.add(now - last, since.milliseconds);
        if (active !== barrier.participants) runState.activate(active);
        [last, waited] = [now, since.total];
      }
      if (learns) update.advance();
      const groups = batch.groupCount(images);
      batch.parallelFor(update.units.length, (i) => {
        update.gather(update.units[i], images, groups);
        if (learns && !update.apply(update.units[i], job.learningRates[done])) runState.fail(position);
      });
      barrier.wait();
      if (runState.failedAt(position)) return { done, failed: 'state' };
      done++;
      barrier.participants = runState.active;
      if (this.index === 0 && told) {
        runState.totals[0] += loss;
        runState.totals[1] += correct;
        runState.step = done;
        runState.admit(done);
      }
    }
  }

  private predict(job: PredictJob): Outcome {
    const { plan, kernels, batch, runState } = this;
    const { output, classes } = plan;
    const { count } = job.images;
    if (this.index === 0) {
      for (const operation of plan.operations) {
        if (operation.kind !== 'normalization') continue;
        const { x, epsilon, movingMean, movingVariance, statistics } = operation;
        kernels.normalizationMoving(x.channels, epsilon, movingMean, movingVariance, statistics);
      }
    }
    runState.barrier.wait();
    let notFinite: NotFinite | null = null;
    batch.parallelFor(Math.ceil(count / PREDICT_GROUP), (group) => {
      const end = Math.min(count, (group + 1) * PREDICT_GROUP);
      for (let position = group * PREDICT_GROUP; position < end && !runState.aborted; position += CHUNK) {
        // The slots of this thread, in tensors of either kind.
        const chunk = { first: this.index * CHUNK, images: Math.min(CHUNK, end - position) };
        batch.load(job.images, position, chunk);
        for (const operation of plan.operations) batch.passes.forward(operation, chunk, null);
        let from = batch.passes.at(output, chunk);
        if (plan.softmaxOutput && !job.scores) {
          const to = batch.passes.gradientAt(output, chunk);
          kernels.softmaxForward(chunk.images, 1, classes, from, output.image, to, output.image);
          from = to;
        }
        for (let n = 0; n < chunk.images; n++) {
          const at = (from + n * output.image) / 4;
          job.outputs.set(this.floats.subarray(at, at + classes), (position + n) * classes);
          const first = notFinite === null || position + n < notFinite.index;
          if (first && !kernels.allFinite(from + n * output.image, classes)) {
            notFinite = { index: position + n, where: batch.firstNotFiniteFor(chunk, n) };
          }
        }
      }
    });
    return { steps: 0, notFinite };
  }
}
