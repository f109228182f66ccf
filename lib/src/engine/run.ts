/**
 * A run on one thread. All threads run this by themselves over the shared memory and meet at barriers, two per step.
 * Every piece of work gives the same numbers whichever thread takes it, and sums run in a fixed order: the result
 * does not depend on the number of threads.
 */
import { Batch } from './batch';
import type { Control } from './control';
import type { Job, Outcome, PredictJob, RunOptions, TrainJob } from './job';
import type { Kernels } from './kernels';
import type { Plan } from './plan';
import { CHUNK } from './plan';
import { Update } from './update';

/** Images that a thread takes at a time for predictions. */
const PREDICT_GROUP = 4 * CHUNK;

export class Thread {
  private readonly batch: Batch;
  private readonly floats: Float32Array;
  private readonly losses: Float64Array;
  private readonly hits: Int32Array;
  private readonly counters: Float64Array;

  constructor(
    private readonly plan: Plan,
    private readonly kernels: Kernels,
    memory: WebAssembly.Memory,
    private readonly control: Control,
    private readonly index: number,
    private readonly options: RunOptions,
  ) {
    this.batch = new Batch(plan, kernels, memory, control, index, options);
    this.floats = new Float32Array(memory.buffer);
    this.losses = new Float64Array(memory.buffer, plan.losses, plan.batchSize);
    this.hits = new Int32Array(memory.buffer, plan.hits, plan.batchSize);
    this.counters = new Float64Array(memory.buffer, plan.counters, 3);
  }

  run(job: Job): Outcome {
    const update = new Update(this.plan, this.kernels, this.counters, this.options);
    const averaged = job.kind === 'predict' && job.averaged;
    this.batch.share(update.units.length, (i) => update.prepare(update.units[i], averaged));
    this.control.barrier();
    return job.kind === 'predict' ? this.predict(job) : this.train(job, update);
  }

  private train(job: TrainJob, update: Update): Outcome {
    const { plan, control, batch } = this;
    const { count } = job.images;
    const learns = job.kind === 'train';
    const steps = Math.ceil(count / plan.batchSize);
    let done = 0;
    let notFinite = false;
    while (done < steps && !control.stopped) {
      const position = done * plan.batchSize;
      const images = Math.min(plan.batchSize, count - position);
      control.awaitImages(position + images);
      batch.run(job, position, images, update.stepsDone);
      control.barrier();

      let loss = 0;
      for (let i = 0; i < images; i++) loss += this.losses[i];
      // All threads see the same sum, and stop before the weights change.
      notFinite = !Number.isFinite(loss);
      if (notFinite) break;
      if (this.index === 0) {
        control.totals[0] += loss;
        for (let i = 0; i < images; i++) control.totals[1] += this.hits[i];
        control.step = done + 1;
        control.decide();
      }
      if (learns) update.advance();
      const groups = batch.groupCount(images);
      batch.share(update.units.length, (i) => {
        update.gather(update.units[i], images, groups);
        if (learns) update.apply(update.units[i], job.learningRates[done]);
      });
      control.barrier();
      done++;
    }
    if (this.index !== 0) return { steps: done, notFinite: null };
    update.finish();
    if (!notFinite) return { steps: done, notFinite: null };
    const position = done * plan.batchSize;
    const images = Math.min(plan.batchSize, count - position);
    const where = batch.firstNotFinite(job, position, images, update.stepsDone);
    return { steps: done, notFinite: { step: done, where } };
  }

  private predict(job: PredictJob): Outcome {
    const { plan, kernels, batch, control } = this;
    const { output, classes } = plan;
    const { count } = job.images;
    if (this.index === 0) {
      for (const operation of plan.operations) {
        if (operation.kind !== 'normalization') continue;
        const { x, epsilon, movingMean, movingVariance, statistics } = operation;
        kernels.normalizationMoving(x.channels, epsilon, movingMean, movingVariance, statistics);
      }
    }
    control.barrier();
    batch.share(Math.ceil(count / PREDICT_GROUP), (group) => {
      const end = Math.min(count, (group + 1) * PREDICT_GROUP);
      for (let position = group * PREDICT_GROUP; position < end && !control.aborted; position += CHUNK) {
        // The slots of this thread, in tensors of either kind.
        const chunk = { first: this.index * CHUNK, images: Math.min(CHUNK, end - position) };
        control.awaitImages(position + chunk.images);
        batch.load(job.images, position, chunk);
        for (const operation of plan.operations) batch.passes.forward(operation, chunk, null);
        let from = batch.passes.at(output, chunk);
        if (plan.softmaxOutput) {
          const to = batch.passes.gradientAt(output, chunk);
          kernels.softmaxForward(chunk.images, 1, classes, from, output.image, to, output.image);
          from = to;
        }
        for (let n = 0; n < chunk.images; n++) {
          const at = (from + n * output.image) / 4;
          job.outputs.set(this.floats.subarray(at, at + classes), (position + n) * classes);
        }
      }
    });
    return { steps: 0, notFinite: null };
  }
}
