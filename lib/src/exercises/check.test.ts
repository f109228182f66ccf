/** `check` as a learner meets it: functions written by hand, right, wrong and broken in the ways that people break them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { NDArray } from '../ndarray';
import { toNested } from '../ndarray';
import { conv2dGrad, flipKernel, softmax } from '../ops';
import { random } from '../random';
import { batchLoss } from '../training/losses';
import { oneCycle } from '../training/schedules';
import { check } from '.';
import { exercises } from './table';

type Table = number[][];

/** A convolution in plain loops, as notebook 1 derives it; `flip`, `start` and `assign` are ways to get it wrong. */
function slideInLoops(x: Table, kernel: Table, { flip = false, assign = false } = {}): Table {
  const [k, l] = [kernel.length, kernel[0].length];
  const y: Table = [];
  for (let i = 0; i + k <= x.length; i++) {
    y.push([]);
    for (let j = 0; j + l <= x[0].length; j++) {
      let sum = 0;
      for (let u = 0; u < k; u++) {
        for (let v = 0; v < l; v++) {
          const weight = flip ? kernel[k - 1 - u][l - 1 - v] : kernel[u][v];
          sum = (assign ? 0 : sum) + x[i + u][j + v] * weight;
        }
      }
      y[i].push(sum);
    }
  }
  return y;
}

const size = (n: number, o: { kernel: number; stride: number; padding: number; dilation: number }): number =>
  Math.floor((n + 2 * o.padding - o.dilation * (o.kernel - 1) - 1) / o.stride) + 1;

test('solutions in loops, in rows, in typed arrays and by the library all pass', () => {
  const solutions: Record<string, (...args: never[]) => unknown> = {
    '01.3': slideInLoops,
    '02.3': size,
    '03.3': (x: Table, k: number, s: number) =>
      Array.from({ length: Math.floor((x.length - k) / s) + 1 }, (_, i) =>
        Float32Array.from({ length: Math.floor((x[0].length - k) / s) + 1 }, (__, j) => {
          let most = -Infinity;
          for (let u = 0; u < k; u++)
            for (let v = 0; v < k; v++) most = Math.max(most, x[i * s + u][j * s + v]);
          return most;
        }),
      ),
    '04.3': (scores: number[]) => softmax({ shape: [scores.length], data: Float64Array.from(scores) }),
    '04.5': (x: NDArray, dy: NDArray) => {
      const [rows, upstream] = [toNested(x) as Table, toNested(dy) as Table];
      return rows.map((row, i) =>
        row.map((v, j) => {
          const y = 1 / (1 + Math.exp(-v));
          return upstream[i][j] * y * (1 - y);
        }),
      );
    },
    '07.2': conv2dGrad,
    '15.2': (step: number, steps: number, { peak, rising }: { peak: number; rising: number }) =>
      oneCycle(peak, { rising })({ step, steps, stepsPerEpoch: steps }),
    '15.3': (logits: number[], label: number, smoothing: number) => {
      const scores = Float32Array.from(logits);
      const { loss, gradient } = batchLoss('crossEntropy', scores, Uint8Array.of(label), smoothing);
      return { loss, grad: [...gradient] };
    },
  };
  for (const [id, solution] of Object.entries(solutions)) {
    const result = check(id, solution);
    assert.equal(result.passed, true, `${id}: ${result.message}`);
    assert.ok(result.cases.every(({ passed }) => passed));
  }
});

test('a mistake in loops of one’s own gets the hint of the recorded one', () => {
  const flipped = check('01.3', (x: Table, k: Table) => slideInLoops(x, k, { flip: true }));
  assert.match(flipped.message, /true convolution: the kernel is flipped/);
  const overwritten = check('01.3', (x: Table, k: Table) => slideInLoops(x, k, { assign: true }));
  assert.match(overwritten.message, /overwrites the one before/);
  const unpadded = check('02.3', (n: number, o: Parameters<typeof size>[1]) => size(n, { ...o, padding: 0 }));
  assert.match(unpadded.message, /is 24, expected 26: 2 too small\. That is the size without padding\./);
  const naive = check('04.3', (scores: number[]) => {
    const powers = scores.map((s) => Math.exp(s));
    return powers.map((p) => p / powers.reduce((a, b) => a + b));
  });
  assert.match(
    naive.message,
    /large scores, 1000, 1001 and 999, the result is NaN everywhere\. The largest score/,
  );
});

test('a recorded mistake among others is named, with how much it explains', () => {
  const result = check('02.3', (n: number, o: Parameters<typeof size>[1]) =>
    n === 224 ? 1 : size(n, { ...o, padding: 0 }),
  );
  assert.match(
    result.message,
    /That is the size without padding\. \(That explains \d of the \d wrong answers\.\)/,
  );
});

test('one answer that a mistake gives too is no reason to blame it', () => {
  const result = check('02.3', (n: number, o: Parameters<typeof size>[1]) =>
    n === 8 ? Math.ceil((8 - 3) / 2) + 1 : size(n, o),
  );
  assert.equal(result.hint, undefined);
  assert.match(
    result.message,
    /^With 8 pixels, kernel 3, stride 2, the result is 4, expected 3: 1 too large\. Right in 12 of 13/,
  );
});

test('of two mistakes in two parts of an answer, the first is named', () => {
  const result = check('07.2', (x: NDArray, kernel: NDArray, dy: NDArray) => {
    const { dx, dkernel, dbias } = conv2dGrad(x, kernel, dy);
    const scaled = { ...dkernel, data: dkernel.data.map((g) => g * 3) };
    return { dx, dkernel: scaled, dbias: { ...dbias, data: dbias.data.map(() => 0) } };
  });
  assert.match(result.message, /`dkernel` is 3 times what it should be, everywhere/);
  const other = check('07.2', (x: NDArray, kernel: NDArray, dy: NDArray) => {
    const { dx, dkernel, dbias } = conv2dGrad(x, kernel, dy);
    const odd = { ...dbias, data: dbias.data.map((g) => g + 1) };
    return { dx, dkernel: flipKernel(dkernel), dbias: odd };
  });
  assert.match(other.message, /in reverse order .* dkernel is flipped/);
});

test('a size that only a recorded mistake has is recognised, whatever the numbers', () => {
  const result = check('01.3', (x: Table) => x.map((row) => row.map(() => 7)));
  assert.match(
    result.message,
    /1 row too tall and 1 column too wide: its shape is \[3, 3\], expected \[2, 2\]/,
  );
  assert.match(result.hint ?? '', /^Its size is that of a known mistake\. Zeros are put around the picture/);
});

/** Each with what the message has to say. */
const broken: readonly [string, unknown, RegExp][] = [
  ['nothing returned', () => undefined, /the result is undefined: is a return missing\?/],
  ['null returned', () => null, /the result is null, expected rows of numbers/],
  ['a promise', async () => Promise.resolve([[1]]), /is a Promise: remove the async/],
  ['a string', () => '12', /the result is '12', expected rows of numbers/],
  ['a number', () => 12, /the result is 12, expected rows of numbers/],
  ['a list for rows', () => [1, 2], /has 1 axis, expected 2 \[rows, columns\]/],
  ['ragged rows', () => [[1, 2], [3]], /\[1\] has a length of 1, its first neighbour has 2/],
  ['a hole', () => [[1, undefined], [2, 3]], /\[0\]\[1\] is undefined, expected a number/], // prettier-ignore
  ['text in a row', () => [[1, '2'], [2, 3]], /\[0\]\[1\] is '2', expected a number/], // prettier-ignore
  [
    'data that do not fill the shape',
    () => ({ shape: [2, 2], data: [1, 2, 3] }),
    /has 3 numbers, its shape \[2, 2\] holds 4/,
  ],
  ['an object', () => ({ rows: 1 }), /the result is { rows }, expected rows of numbers/],
  ['an error', () => { throw new RangeError('no such <row>'); }, /throws “RangeError: no such <row>”/], // prettier-ignore
  [
    'something thrown that is no error',
    () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      throw 'up';
    },
    /throws “'up'”/,
  ],
  ['a row beside the array', (x: Table) => x[7][0], /index 0 in a row that is not there/],
  ['an endless recursion', function f(): unknown { return [f()]; }, /throws “RangeError: Maximum call stack/], // prettier-ignore
  ['a getter that throws', () => ({ get shape() { throw new Error('no'); }, data: [] }), /throws “no”/], // prettier-ignore
  [
    'the answer instead of the function',
    [[1]],
    /The answer is \[\[1\]\], expected a function: check\('01\.3', name\)/,
  ],
  ['a changed argument', (x: Table, k: Table) => { const y = slideInLoops(x, k); x[0][0]++; return y; }, /changes its first argument/], // prettier-ignore
];

for (const [name, value, expected] of broken) {
  test(`${name}: told plainly, never thrown`, () => {
    const result = check('01.3', value);
    assert.deepEqual([result.passed, result.state], [false, 'wrong']);
    assert.match(result.message, expected);
  });
}

test('a missing part of an answer is named', () => {
  const result = check('07.2', (x: NDArray, kernel: NDArray, dy: NDArray) => {
    const { dx, dkernel } = conv2dGrad(x, kernel, dy);
    return { dx, dkernel };
  });
  assert.match(result.message, /has no dbias; it has dx, dkernel, expected { dx, dkernel, dbias }/);
});

test('NaN without a known cause comes with what NaN comes from', () => {
  const result = check('01.3', (x: Table, k: Table) =>
    slideInLoops(x, k).map((row, i) => row.map((v, j) => (i + j === 1 ? NaN : v))),
  );
  assert.match(result.message, /is NaN at row 0, column 1 and 1 more place\b.*NaN comes from/);
});

test('a function that knows the cases by heart fails the other proof', () => {
  const { cases } = check('07.2', conv2dGrad);
  const byHeart = (x: NDArray): unknown =>
    cases.find(({ args }) => (args?.[0] as NDArray).data.join() === x.data.join())?.expected;
  const result = check('07.2', byHeart);
  assert.equal(result.passed, false);
  assert.match(result.message, /^Right in 5 cases, .* But with other numbers the function gives no answer/);
  const zeroElsewhere = check('07.2', (x: NDArray, kernel: NDArray, dy: NDArray) => {
    const { dx, dkernel, dbias } = conv2dGrad(x, kernel, dy);
    return byHeart(x) ?? { dx: { ...dx, data: dx.data.map(() => 0) }, dkernel, dbias };
  });
  assert.match(zeroElsewhere.message, /But checkGradient does not agree: dx and dkernel/);
});

test('an id that no exercise has is an error that lists those of the notebook', () => {
  assert.throws(() => check('02.9', size), {
    name: 'RangeError',
    message: "check: id is '02.9', expected 02.1, 02.2, 02.3, 02.4, 02.5",
  });
  assert.throws(
    () => check('conv2d', size),
    /^RangeError: check: id is 'conv2d', expected the number of a notebook/,
  );
  assert.throws(() => check(7.2 as never, size), /^RangeError: check: id is 7\.2, expected/);
});

test('the arguments of a failing case can be used to call the function again', () => {
  const wrong = (x: Table, k: Table): Table => slideInLoops(x, k, { flip: true });
  const { cases } = check('01.3', wrong);
  const [{ args, expected }] = cases;
  assert.deepEqual(slideInLoops(...(args as [Table, Table])), expected);
});

test('the result shows itself as text and as HTML in which nothing of the learner’s is markup', () => {
  const result = check('01.3', () => {
    throw new Error('<img src=x onerror=alert(1)> & "more"');
  });
  const display = (result as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for('Jupyter.display')
  ];
  const bundle = display.call(result);
  assert.match(bundle['text/plain'], /^✗ 01\.3 slide a kernel over a picture\nWith the picture/);
  assert.match(
    bundle['text/html'],
    /^<div style="[^"]+"><b>✗ 01\.3 slide a kernel over a picture<\/b><br>With the picture/,
  );
  assert.match(bundle['text/html'], /&lt;img src=x onerror=alert\(1\)&gt; &amp; &quot;more&quot;/);
  assert.doesNotMatch(bundle['text/html'], /<img/);
  // JSON for scripts: no method, no array lost.
  const stored = JSON.parse(JSON.stringify(check('02.1', { padding: 3, dilated: 6 }))) as object;
  assert.deepEqual(Object.keys(stored), ['id', 'title', 'passed', 'state', 'message', 'cases']);
});

test('a value given as another type, or in part, is told plainly', () => {
  assert.match(
    check('02.1', 3).message,
    /^The answer is 3, expected an object { padding, dilated, sameBefore, sameAfter }\./,
  );
  assert.match(check('02.1', { padding: 3 }).message, /^`dilated` is not written yet\./);
  assert.match(check('02.1', { padding: '3', dilated: 6 }).message, /^`padding` is '3', expected a number\./);
  assert.match(
    check('02.1', { padding: NaN, dilated: 6 }).message,
    /^`padding` is NaN, expected a finite number\./,
  );
  assert.match(
    check('02.2', { size: 54, smallest: 2270 }).message,
    /^`smallest` is a factor of 10 too large\./,
  );
  assert.match(
    check('02.2', { size: 1, smallest: 1 }).message,
    /^`size` is too small\. Not right yet either: `smallest`\./,
  );
  const unreadable = { get padding() { throw new Error('no'); }, dilated: 6 }; // prettier-ignore
  assert.match(check('02.1', unreadable).message, /cannot be read: Error: no/);
});

type Activations = readonly ('relu' | 'softmax')[];

/** A network for 08.3; of each layer with weights, the activations behind it. */
function unpooled(behind: readonly Activations[]): (...given: never[]) => unknown {
  return (...[strides, units]: [number, number]) => {
    const conv = (filters: number): tf.layers.Layer => tf.layers.conv2d({ filters, kernelSize: 5, strides });
    const weighted = [conv(10), conv(20), tf.layers.dense({ units }), tf.layers.dense({ units: 10 })];
    const model = tf.sequential();
    model.add(tf.layers.zeroPadding2d({ padding: 1, inputShape: [28, 28, 1] }));
    weighted.forEach((layer, i) => {
      if (i === 1 && strides === 1) model.add(tf.layers.zeroPadding2d({ padding: 1 }));
      if (i === 2) model.add(tf.layers.flatten());
      model.add(layer);
      for (const kind of behind[i])
        model.add(kind === 'relu' ? tf.layers.reLU() : tf.layers.activation({ activation: kind }));
    });
    return model;
  };
}

test('each activation of a network is behind its own layer', () => {
  const told = (...behind: Activations[]): string => check('08.3', unpooled(behind)).message;
  assert.match(told(['relu'], ['relu'], ['relu'], ['softmax']), /^Right in 3 cases/);
  assert.match(told(['relu'], ['relu'], ['softmax'], ['relu']), /are exchanged: ReLU belongs to the hidden/);
  assert.match(told(['relu', 'relu'], ['relu'], [], ['softmax']), /two ReLUs after the first convolution/);
});

test('two digits are enough in 06.1, significant or behind the point, and only wrong numbers are counted', () => {
  const told = (...softmaxGradient: number[]): string =>
    check('06.1', { hinge: [0, 0, 0], softmax: softmaxGradient }).message;
  assert.match(told(-0.054, 0.047, 0.0064), /^Right/);
  assert.match(told(-0.05, 0.05, 0.01), /^Right/);
  assert.match(told(-0.05, 0.047, 0.064), /^`softmax` has 1 of 3 numbers wrong/);
  assert.match(told(-0.05, 0.05, 0), /^`softmax` has 1 of 3 numbers wrong/);
});

test('a hint fits what was answered', () => {
  interface Grads {
    dx: NDArray;
    dgamma: NDArray;
    dbeta: NDArray;
  }
  const share = (x: NDArray, g: NDArray): NDArray => ({ ...g, data: g.data.map((v) => v / x.shape[0]) });
  const grad = (exercises['12.3'] as unknown as { right: (...given: never[]) => Grads }).right;
  const dgammaAlone = check('12.3', (...given: never[]) => {
    const { dgamma, ...others } = grad(...given);
    return { ...others, dgamma: share(given[0], dgamma) };
  });
  assert.equal(dgammaAlone.hint, 'dgamma is a mean over the rows: it is a sum.');
  const sides = (exercises['h1.4'] as unknown as { right: (...given: never[]) => Record<string, number> })
    .right;
  const roundedUp = check('h1.4', (...given: never[]) => {
    const { after } = sides(...given);
    return { before: after, after };
  });
  assert.match(roundedUp.hint ?? '', /^Half of the padding is rounded up on both sides/);
  assert.match(check('14.4', () => []).hint ?? '', /^Nothing is found\. .* `push`/);
  const middle = (list: number[]): number => [...list].sort((a, b) => a - b)[list.length / 2];
  assert.match(
    check('09.5', middle).message,
    /a return missing, or .* a place that does not exist, such as 1\.5\?/,
  );
});

test('a split is told by its images, in whatever order and kind of list they come', () => {
  type Split = Record<'train' | 'validation', number[]>;
  const { right } = exercises['08.2'] as unknown as { right: (...given: never[]) => Split };
  const turned = (list: number[]): Int32Array => Int32Array.from(list).reverse();
  const result = check('08.2', (...given: never[]) => {
    const { train, validation } = right(...given);
    return { train: turned(train), validation: turned(validation) };
  });
  assert.equal(result.passed, true, result.message);
  const told = (train: number[]): string =>
    check('08.2', (...given: never[]) => ({ ...right(...given), train })).message;
  assert.match(told([3, 0, 2]), /and half of them, `train` has image 3 too many and lacks image 5\./);
  assert.match(told([0]), /, `train` lacks 2 images \(among them 2\)\./);
  assert.match(told([5, 2, 0, 2]), /, `train` has image 2 too many\./);
  assert.match(told([NaN, 0, 2]), /, `train` has image NaN too many and lacks image 5\./);
});

test('right numbers that are rounded are recognised', () => {
  const right = exercises['05.4'] as { right: (...given: never[]) => number[] };
  const result = check('05.4', (...given: never[]) => right.right(...given).map((v) => Number(v.toFixed(4))));
  assert.match(result.message, /: −0\.5774, expected −0\.57735\)\. .* rounded to 4 decimals: do not round\./);
});

test('a list with too many numbers is told how many it has', () => {
  assert.match(
    check('10.1', { inputs: 1176, parameters: 11_770, shape: [1, 1, 10, 1] }).message,
    /^`shape` has 4 numbers, expected 3\.$/,
  );
});

test('what is no network is named as what it is', () => {
  const layers = [tf.layers.flatten({ inputShape: [28, 28, 1] })];
  const told = (value: unknown): string => check('08.3', () => value).message;
  assert.match(
    told(layers),
    /the result is \[an object of class Flatten\], expected a tf\.Sequential with its layers\./,
  );
  assert.match(told(layers[0]), /the result is an object of class Flatten, expected a tf\.Sequential/);
  assert.match(
    told(tf.sequential()),
    /the result is an object of class Sequential, expected a tf\.Sequential with its layers/,
  );
  assert.match(told({ layers: [3] }), /, expected a tf\.Sequential/);
  assert.match(told(3), /the result is 3, expected a tf\.Sequential/);
  assert.match(told(undefined), /is a return missing/);
});

test('any wrong answer is measured, in a sentence without holes', () => {
  const generator = random(11);
  for (const [id, exercise] of Object.entries(exercises)) {
    if (exercise.kind !== 'function') continue;
    for (let trial = 0; trial < 6; trial++) {
      // One number of the answer changed, from some case on.
      let calls = 0;
      const from = generator.below(3);
      const result = check(id, (...args: never[]) =>
        spoiled(exercise.right(...args), calls++ >= from, generator.below(1000)),
      );
      assert.equal(result.passed, false, id);
      assert.match(result.message, /^With .+ (is|has) .+/, id);
      assert.match(result.message, /expected|too many|lacks/, id);
      assert.doesNotMatch(result.message, /undefined|object Object|NaN/, id);
    }
  }
});

/** The answer with its number `at`, counted around, made larger by 1.25. */
function spoiled(answer: unknown, really: boolean, at: number): unknown {
  if (!really) return answer;
  if (typeof answer === 'number') return answer + 1.25;
  if (Array.isArray(answer)) {
    return answer.map((part: unknown, i) => (i === at % answer.length ? spoiled(part, true, at) : part));
  }
  const object = answer as Record<string, unknown>;
  if (ArrayBuffer.isView(object.data)) {
    const { data } = object as unknown as NDArray;
    return { ...object, data: data.map((value, i) => (i === at % data.length ? value + 1.25 : value)) };
  }
  const names = Object.keys(object);
  const name = names[at % names.length];
  return { ...object, [name]: spoiled(object[name], true, at) };
}
