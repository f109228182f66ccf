/** An exercise of notebook 7: gradients through a convolution. */
import type { NDArray } from '../ndarray';
import { zeros } from '../ndarray';
import { checkGradient, conv2d, conv2dGrad, flipKernel } from '../ops';
import type { Random } from '../random';
import { random } from '../random';
import { imageFromRows, kernelFromRows } from '../rows';
import { indexOf, placeOf } from './answers';
import { drawnArray, mapped, misread, onlyAt, windowSums } from './arrays';
import type { Case } from './exercise';
import { functionExercise, imageAxes } from './exercise';

type Conv = [x: NDArray, kernel: NDArray, dy: NDArray];
type ConvAnswer = { readonly dx: NDArray; readonly dkernel: NDArray; readonly dbias: NDArray };

function convCase(
  generator: Random,
  name: string,
  x: readonly number[],
  kernel: readonly number[],
): Case<Conv> {
  const dy = [x[0], x[1] - kernel[0] + 1, x[2] - kernel[1] + 1, kernel[3]];
  return {
    name,
    args: [drawnArray(generator, ...x), drawnArray(generator, ...kernel), drawnArray(generator, ...dy)],
  };
}

/** The kernel with its in and out channels exchanged, as dx needs it. */
function swapped(kernel: NDArray): NDArray {
  const [height, width, inChannels, filters] = kernel.shape;
  const result = zeros([height, width, filters, inChannels]);
  return mapped(result, (_, at) => {
    const [u, v, f, c] = indexOf(at, result.shape);
    return kernel.data[placeOf([u, v, c, f], kernel.shape)];
  });
}

/** dx as a window over dy, its place in dy's rows and columns given by `from`. */
function dxBy([x, kernel, dy]: Conv, from: (at: number, tap: number) => number): NDArray {
  return windowSums(dy, swapped(kernel), [x.shape[1], x.shape[2]], from, from);
}

const changed =
  (part: keyof ConvAnswer, change: (gradient: NDArray, ...given: Conv) => NDArray) =>
  (...given: Conv): ConvAnswer => {
    const answer = conv2dGrad(...given);
    return { ...answer, [part]: change(answer[part], ...given) };
  };

export const convolutionGradient = functionExercise<Conv, ConvAnswer>({
  title: 'the gradient of a convolution',
  signature:
    'myConv2dGrad(\n  x: NDArray,\n  kernel: NDArray,\n  dy: NDArray,\n): { dx: NDArray; dkernel: NDArray; dbias: NDArray }',
  axes: { dx: imageAxes, dkernel: ['rows', 'columns', 'channels', 'kernels'], dbias: ['kernels'] },
  cases: (generator) => [
    {
      name: 'the picture [[1, 2, 0], [3, 1, 4], [0, 5, 2]], the kernel [[1, 2], [0, 10]] and dy = [[1, 0], [2, −1]]',
      args: [
        imageFromRows([[1, 2, 0], [3, 1, 4], [0, 5, 2]]), // prettier-ignore
        kernelFromRows([[1, 2], [0, 10]]), // prettier-ignore
        imageFromRows([[1, 0], [2, -1]]), // prettier-ignore
      ],
    },
    convCase(generator, 'a picture of 5 × 6 and a kernel of 3 × 3', [1, 5, 6, 1], [3, 3, 1, 1]),
    convCase(generator, 'two kernels', [1, 4, 4, 1], [2, 2, 1, 2]),
    convCase(generator, 'two channels', [1, 4, 4, 2], [2, 2, 2, 1]),
    convCase(generator, 'two images of 5 × 4 × 2 and three kernels of 3 × 2', [2, 5, 4, 2], [3, 2, 2, 3]),
  ],
  right: (x, kernel, dy) => conv2dGrad(x, kernel, dy),
  mistakes: [
    {
      hint: 'The kernel is not flipped for dx: the pixel at row a met kernel row u in the output row a − u, so dy is read backwards.',
      wrong: changed('dx', (_, ...given) => {
        const [, kernel] = given;
        const [last, end] = [kernel.shape[0] - 1, kernel.shape[1] - 1];
        return windowSums(
          given[2],
          swapped(kernel),
          [given[0].shape[1], given[0].shape[2]],
          (a, u) => a + u - last,
          (b, v) => b + v - end,
        );
      }),
    },
    {
      hint: 'dx is read from dy without zeros around it: the padding at the top and on the left is missing.',
      wrong: changed('dx', (_, ...given) => dxBy(given, (at, tap) => at + tap)),
    },
    {
      hint: 'For each pixel only the first kernel is followed back: dx adds up over all kernels.',
      wrong: changed('dx', (_, x, kernel, dy) => conv2dGrad(x, kernel, onlyAt(dy, 3, 0)).dx),
    },
    {
      hint: 'dx leaves dy out: every product passes the kernel number times its dy back.',
      wrong: changed(
        'dx',
        (_, x, kernel, dy) =>
          conv2dGrad(
            x,
            kernel,
            mapped(dy, () => 1),
          ).dx,
      ),
    },
    {
      hint: 'dkernel is flipped. Only dx needs the flip: kernel[u, v] met x[i + u, j + v].',
      wrong: changed('dkernel', (dkernel) => flipKernel(dkernel)),
    },
    {
      hint: 'dkernel leaves dy out: each kernel number gets the pixels that it met, each times its dy.',
      wrong: changed(
        'dkernel',
        (_, x, kernel, dy) =>
          conv2dGrad(
            x,
            kernel,
            mapped(dy, () => 1),
          ).dkernel,
      ),
    },
    {
      hint: 'dkernel is the mean over the places of the window. One weight is used at all of them, and its gradients add up.',
      wrong: changed('dkernel', (dkernel, _x, _kernel, dy) =>
        mapped(dkernel, (g) => (g * dy.shape[3]) / dy.data.length),
      ),
    },
    {
      hint: 'dkernel is averaged over the batch. Gradients add up; the mean is already in dy.',
      wrong: changed('dkernel', (dkernel, x) => mapped(dkernel, (g) => g / x.shape[0])),
    },
    {
      hint: 'dkernel has only the products of the last image: each overwrites those of the one before (+=).',
      wrong: changed(
        'dkernel',
        (_, x, kernel, dy) => conv2dGrad(onlyAt(x, 0, x.shape[0] - 1), kernel, dy).dkernel,
      ),
    },
    {
      hint: 'dkernel is stored in PyTorch’s order [outChannels, inChannels, kernelHeight, kernelWidth]. Here it is [kernelHeight, kernelWidth, inChannels, outChannels].',
      wrong: changed('dkernel', (dkernel) => misread(dkernel, 3, 2, 0, 1)),
    },
    {
      hint: 'dbias is 0: a bias is added to every output of its kernel, so its gradient is the sum of their dy.',
      wrong: changed('dbias', (dbias) => mapped(dbias, () => 0)),
    },
    {
      hint: 'dbias is the mean of dy: it is the sum.',
      wrong: changed('dbias', (dbias, _x, _kernel, dy) =>
        mapped(dbias, (g) => (g * dy.shape[3]) / dy.data.length),
      ),
    },
    {
      hint: 'dbias is one sum over all kernels: each has its own.',
      wrong: changed('dbias', (dbias) => mapped(dbias, () => dbias.data.reduce((a, b) => a + b))),
    },
  ],
  evidence: (answerTo) => {
    const generator = random(7);
    const x = drawnArray(generator, 1, 5, 4, 2);
    const kernel = drawnArray(generator, 3, 2, 2, 2);
    const dy = drawnArray(generator, 1, 3, 3, 2);
    // The loss whose gradient with respect to the output is dy.
    const loss = (y: NDArray): number => y.data.reduce((sum, value, at) => sum + value * dy.data[at], 0);
    const { dx, dkernel } = answerTo(x, kernel, dy);
    const byX = checkGradient((moved) => loss(conv2d(moved, kernel)), x, dx);
    const byKernel = checkGradient((moved) => loss(conv2d(x, moved)), kernel, dkernel);
    const agrees = byX.relativeError < 1e-6 && byKernel.relativeError < 1e-6;
    return {
      agrees,
      text: `checkGradient ${agrees ? 'agrees' : 'does not agree'}: dx and dkernel against finite differences of the loss.`,
    };
  },
});
