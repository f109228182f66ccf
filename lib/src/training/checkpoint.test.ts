import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../backend/backend';
import { augmenter } from '../data/augment';
import * as models from '../models';
import type { TrainOptions } from './options';
import * as schedules from './schedules';
import { normalizedBase, normalizedConvnet, scatter, smallConvnet, spots, weightsOf } from './testdata';
import { train } from './train';

before(() => useBackend());

const folder = mkdtempSync(join(tmpdir(), 'convlab-checkpoint-'));
after(() => rmSync(folder, { recursive: true }));

const data = spots(100);
const validation = spots(30, 2);

for (const engine of ['simd', 'tfjs'] as const) {
  const options: TrainOptions = {
    epochs: 5,
    batchSize: 16,
    engine,
    validation,
    weightDecay: 1e-3,
    labelSmoothing: 0.05,
    learningRate: schedules.cosine(0.01),
    average: { decay: 0.9, every: 3 },
    earlyStopping: { patience: 10 },
  };
  const file = join(folder, `${engine}.checkpoint`);

  test(`${engine}: a training that was stopped and resumed ends with the same bits as one that was not`, async () => {
    for (const optimizer of ['sgd', 'momentum', 'adam'] as const) {
      const whole = normalizedConvnet();
      const expected = await train(whole, data, { ...options, optimizer });

      const stop = new AbortController();
      const interrupted = normalizedConvnet();
      await train(interrupted, data, {
        ...options,
        optimizer,
        checkpoint: file,
        signal: stop.signal,
        onEpoch: ({ epoch }) => epoch === 2 && stop.abort(),
      });
      // A new model, as in another process: everything comes from the file.
      const resumed = normalizedConvnet();
      const history = await train(resumed, data, { ...options, optimizer, resume: file });
      assert.deepEqual(weightsOf(resumed), weightsOf(whole));
      assert.deepEqual(
        [history.loss, history.validationLoss, history.steps, history.bestEpoch],
        [expected.loss, expected.validationLoss, expected.steps, expected.bestEpoch],
      );
    }
  });

  test(`${engine}: the augmenter of the checkpoint continues with the same bits, another one is refused`, async () => {
    const made: TrainOptions = { ...options, epochs: 2, augment: augmenter({ shift: 1, elastic: 0.3 }) };
    const whole = smallConvnet();
    await train(whole, data, { ...made, learningRate: 0.01, epochs: 4 });
    await train(smallConvnet(), data, { ...made, learningRate: 0.01, checkpoint: file });
    const resume = async (augment: TrainOptions['augment']): Promise<Float32Array[]> => {
      const model = smallConvnet();
      await train(model, data, { ...made, learningRate: 0.01, epochs: 4, augment, resume: file });
      return weightsOf(model);
    };
    // Created anew, as in another process.
    assert.deepEqual(await resume(augmenter({ shift: 1, elastic: 0.3 })), weightsOf(whole));
    const another = new RegExp(
      `^Error: train: resume: ${file} was made with another augment: its images for epoch 2 differ from those of the checkpoint$`,
    );
    await assert.rejects(resume(augmenter({ shift: 1, elastic: 0.31 })), another);
    // One that is not determined by a seed could not continue bit for bit either.
    await assert.rejects(
      resume(() => data.images.map((pixel) => pixel * Math.random())),
      another,
    );
    await assert.rejects(resume(undefined), /another augment: given, not none$/);
  });

  test(`${engine}: with a constant rate, more epochs may be added later`, async () => {
    const whole = smallConvnet();
    await train(whole, data, { epochs: 3, engine });
    const model = smallConvnet();
    await train(model, data, { epochs: 1, engine, checkpoint: file });
    await train(model, data, { epochs: 3, engine, resume: file });
    assert.deepEqual(weightsOf(model), weightsOf(whole));
  });

  test(`${engine}: a checkpoint of another training is refused, by the name of what differs`, async () => {
    const made: TrainOptions = { epochs: 2, batchSize: 16, engine, seed: 3 };
    await train(smallConvnet(), data, { ...made, checkpoint: file });
    const refused = (
      o: TrainOptions,
      message: RegExp,
      model = smallConvnet(),
      images = data,
    ): Promise<void> => assert.rejects(train(model, images, { ...made, ...o, resume: file }), { message });
    await refused({ seed: 4 }, /was made with another seed: 3, not 4$/);
    await refused({ batchSize: 8 }, /another batchSize: 16, not 8$/);
    await refused({ optimizer: 'sgd' }, /another optimizer: adam, not sgd$/);
    await refused(
      { optimizer: { kind: 'adam', beta2: 0.9 } },
      /another β₁ and β₂: 0.9 and 0.999, not 0.9 and 0.9$/,
    );
    await refused({ weightDecay: 1 }, /another weightDecay: 0, not 1$/);
    await refused({ learningRate: 0.5 }, /another learningRate: 0.001 at step 0, not 0.5$/);
    await refused({ epochs: 1 }, /has done 2 epochs, expected no more than 1, the option epochs$/);
    await refused({ augment: () => data.images }, /another augment: none, not given$/);
    await refused({ validation }, /other validation images: none, not [0-9a-f]{64}$/);
    await refused({}, /another layer 1: ZeroPadding2D .*, not Conv2D/, normalizedConvnet());
    await refused({}, /other training images: /, smallConvnet(), spots(100, 9));
  });
}

test('the file is replaced as a whole, and a damaged one is refused', async () => {
  const file = join(folder, 'whole.checkpoint');
  const o: TrainOptions = { epochs: 1, engine: 'tfjs' };
  await train(smallConvnet(), data, { ...o, checkpoint: file });
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('whole')),
    ['whole.checkpoint'],
  );
  const resume = (): Promise<unknown> => train(smallConvnet(), data, { ...o, resume: file });
  await resume();
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.length - 10));
  await assert.rejects(resume(), /is damaged: its checksum does not match its contents/);
  writeFileSync(file, 'something else');
  await assert.rejects(
    resume(),
    /train: resume is '.*', expected a file that this version of ConvLab wrote as a checkpoint$/,
  );
  await assert.rejects(train(smallConvnet(), data, { ...o, resume: join(folder, 'none') }), {
    message:
      /^train: resume is '.*none', expected a file that can be read \(there is no such file or folder\)$/,
  });
});

test('a checkpoint that cannot be written is reported before the first epoch', async () => {
  const model = smallConvnet();
  const before = weightsOf(model);
  for (const [checkpoint, reason] of [
    [join(folder, 'no', 'folder'), 'there is no such file or folder'],
    [folder, 'it is a folder'],
  ]) {
    await assert.rejects(train(model, data, { epochs: 1, engine: 'tfjs', checkpoint }), (error: Error) => {
      assert.ok(error.message.startsWith(`train: checkpoint is '`), error.message);
      assert.ok(error.message.includes(`expected a file that can be written (${reason}`), error.message);
      return true;
    });
  }
  assert.deepEqual(weightsOf(model), before);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.includes('probe')),
    [],
  );
});

test('a checkpoint that can no longer be written is reported in the same words, and what was learned is kept', async () => {
  const model = smallConvnet();
  const before = weightsOf(model);
  const gone = join(folder, 'gone');
  const checkpoint = join(gone, 'digits.checkpoint');
  mkdirSync(gone);
  const onEpoch = (): void => rmSync(gone, { recursive: true });
  await assert.rejects(train(model, data, { epochs: 3, checkpoint, onEpoch }), {
    message: `train: checkpoint is '${checkpoint}', expected a file that can be written (there is no such file or folder)`,
  });
  assert.notDeepEqual(weightsOf(model), before);
});

test("a checkpoint does not depend on names and initial weights of layers, but on the model's geometry", async () => {
  const file = join(folder, 'course.checkpoint');
  const digits = {
    ...spots(12),
    imageShape: [28, 28, 1] as [number, number, number],
    images: new Float32Array(12 * 784),
  };
  const o: TrainOptions = { epochs: 1, engine: 'tfjs' };
  await train(models.denseNetwork({ hidden: [5] }), digits, { ...o, checkpoint: file });
  await train(models.denseNetwork({ hidden: [5], seed: 9 }), digits, { ...o, resume: file });
  await assert.rejects(
    train(models.denseNetwork({ hidden: [6] }), digits, { ...o, resume: file }),
    /another layer 2: Dense/,
  );
});

test('a model in a model, with new names, is the same; that it is frozen makes it another', async () => {
  const file = join(folder, 'nested.checkpoint');
  const { layers } = tf;
  const nested = (frozen: boolean): tf.Sequential => {
    const inner = tf.sequential({
      layers: [
        layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu', inputShape: [...data.imageShape] }),
        layers.batchNormalization(),
      ],
    });
    inner.trainable = !frozen;
    const outer = tf.sequential({ layers: [inner, layers.flatten()] });
    outer.add(layers.dense({ units: data.classes, activation: 'softmax' }));
    return outer;
  };
  for (const engine of ['simd', 'tfjs'] as const) {
    for (const frozen of [false, true]) {
      const o = { epochs: 1, engine };
      await train(nested(frozen), data, { ...o, checkpoint: file });
      await train(nested(frozen), data, { ...o, resume: file });
      await assert.rejects(
        train(nested(!frozen), data, { ...o, resume: file }),
        /another set of frozen models within the model: \[.*\], not \[.*\]$/,
      );
    }
  }
});

test('what a model in which another one is frozen has predicted before makes no difference', async () => {
  const file = join(folder, 'predicted.checkpoint');
  const images = spots(20, 1, 3);
  const made = (): tf.Sequential => {
    const base = normalizedBase('base');
    const model = tf.sequential({ layers: [base, tf.layers.flatten(), tf.layers.dense({ units: 3 })] });
    scatter(model);
    base.trainable = false;
    return model;
  };
  for (const engine of ['simd', 'tfjs'] as const) {
    const o = { epochs: 2, engine };
    const uninterrupted = await train(made(), images, o);
    await train(made(), images, { ...o, epochs: 1, checkpoint: file });
    const model = made();
    model.predict(tf.ones([1, 8, 8, 3]));
    const resumed = await train(model, images, { ...o, resume: file });
    assert.deepEqual(resumed.loss, uninterrupted.loss);
  }
});
