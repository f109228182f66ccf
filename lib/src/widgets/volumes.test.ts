/** Which layers are one block of the drawing, and what is written under it. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { drawDigit, networkExplorer, networkVolumes } from '.';
import { useBackend } from '../backend/backend';
import * as models from '../models';
import type { NetworkOutline } from '../plainNetwork';
import { smallImages, smallNetwork } from '../testdata/smallNetwork';
import { networkOutline, plainNetwork } from '../training/plainNetwork';
import { volumesOf, volumesSvg } from './volumes';

before(() => useBackend());

const summary = (outline: NetworkOutline): unknown[] =>
  volumesOf(outline).map(({ shape, layers, look, parameters }) => [
    shape.join('×'),
    layers.map(({ name }) => name).join(' '),
    look,
    parameters,
  ]);

/** The corners of all faces. */
function pointsOf(svg: string): number[][] {
  return [...svg.matchAll(/points="([^"]+)"/g)].flatMap(([, list]) =>
    list.split(' ').map((corner) => corner.split(',').map(Number)),
  );
}

/** What each block's column takes. */
function groundsOf(svg: string): { left: number; right: number; top: number; bottom: number }[] {
  const grounds = svg.matchAll(
    /class="ground" x="([-\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
  );
  return [...grounds].map(([, ...sizes]) => {
    const [left, top, width, height] = sizes.map(Number);
    return { left, right: left + width, top, bottom: top + height };
  });
}

describe('a network as blocks', () => {
  test('activations belong to the block that they change, zero padding to the layer after it', () => {
    assert.deepEqual(summary(networkOutline(models.twoConvLayers())), [
      ['28×28×1', '', 'input', 0],
      ['26×26×10', 'pad1 conv1', 'convolution', 260],
      ['13×13×10', 'pool1 relu1', 'pooling', 0],
      ['11×11×20', 'pad2 conv2', 'convolution', 5020],
      ['5×5×20', 'pool2 relu2', 'pooling', 0],
      ['500', 'flatten', 'other', 0],
      ['50', 'dense1', 'dense', 25_050],
      ['10', 'output', 'dense', 510],
    ]);
  });

  test('two dense layers of one size are two blocks', () => {
    const model = models.denseNetwork({ hidden: [10] });
    assert.deepEqual(summary(networkOutline(model)).slice(2), [
      ['10', 'dense1', 'dense', 7850],
      ['10', 'output', 'dense', 110],
    ]);
  });

  test('a layer that stands in two places is shown in both', () => {
    const shared = tf.layers.dense({ name: 'shared', units: 4 });
    const model = tf.sequential({
      layers: [tf.layers.dense({ name: 'first', units: 4, inputShape: [3] }), shared, shared],
    });
    assert.deepEqual(summary(networkOutline(model)).slice(2), [
      ['4', 'shared', 'dense', 20],
      ['4', 'shared', 'dense', 20],
    ]);
  });

  test('a network that ends in zero padding shows it', () => {
    const model = tf.sequential({
      layers: [tf.layers.zeroPadding2d({ name: 'pad', padding: 2, inputShape: [4, 4, 1] })],
    });
    assert.deepEqual(summary(networkOutline(model)), [['4×4×1', '', 'input', 0], ['8×8×1', 'pad', 'other', 0]]); // prettier-ignore
  });

  test('is drawn with all sizes and parameters, within the picture', () => {
    const { svg, width, height } = volumesSvg(networkOutline(models.twoConvLayers()));
    for (const text of [
      '28 × 28 × 1',
      '26 × 26 × 10',
      '5 × 5 × 20',
      '25,050',
      '30,840 parameters in 11 layers',
    ]) {
      assert.ok(svg.includes(`>${text}<`), text);
    }
    for (const [x, y] of pointsOf(svg)) assert.ok(x >= 0 && x <= width && y >= 0 && y <= height);
  });

  describe('unusual models are drawn: every block within the picture, every text within its column', () => {
    const { layers } = tf;
    const inner = (): tf.Sequential =>
      tf.sequential({
        layers: [layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1] }), layers.reLU()],
      });
    const unusual: Readonly<Record<string, () => readonly tf.layers.Layer[]>> = {
      'one dense layer': () => [layers.dense({ units: 1, inputShape: [1] })],
      'a sequence': () => [
        layers.conv1d({ filters: 4, kernelSize: 3, inputShape: [20, 2] }),
        layers.maxPooling1d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 2 }),
      ],
      'a solid': () => [layers.conv3d({ filters: 2, kernelSize: 3, inputShape: [8, 9, 10, 1] })],
      depthwise: () => [
        layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, inputShape: [12, 12, 3] }),
        layers.separableConv2d({ filters: 8, kernelSize: 3 }),
        layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 }),
        layers.globalAveragePooling2d({}),
      ],
      'a low and wide image': () => [
        layers.conv2d({ filters: 3, kernelSize: [1, 7], inputShape: [3, 301, 1] }),
      ],
      'a high and narrow image': () => [
        layers.conv2d({ filters: 3, kernelSize: [7, 1], inputShape: [301, 3, 1] }),
      ],
      '120 layers': () =>
        Array.from({ length: 120 }, (_, i) =>
          layers.dense({ units: 16, ...(i === 0 && { inputShape: [16] }) }),
        ),
      'the input alone': () => [layers.inputLayer({ inputShape: [8, 8, 1] })],
      'batch normalisation': () => [
        layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1] }),
        layers.batchNormalization(),
        layers.reLU(),
      ],
      'a model in a model': () => [inner(), layers.flatten(), layers.dense({ units: 2 })],
      '10,000 units': () => [layers.dense({ units: 10_000, inputShape: [784] }), layers.dense({ units: 10 })],
    };
    for (const [name, made] of Object.entries(unusual)) {
      test(name, () => {
        const model = tf.sequential({ layers: [...made()] });
        const outline = networkOutline(model);
        assert.equal(
          outline.layers.reduce((sum, { parameters }) => sum + parameters, 0),
          model.countParams(),
        );
        for (const room of [300, 900]) {
          const { svg, width, height } = volumesSvg(outline, room);
          assert.equal(svg.match(/<g class="volume /g)?.length, volumesOf(outline).length);
          assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
          for (const [x, y] of pointsOf(svg)) {
            assert.ok(x >= 0 && x <= width && y >= 0 && y <= height, `${x}, ${y} of ${width}, ${height}`);
          }
          const columns = groundsOf(svg);
          assert.ok(columns.every(({ right }) => right <= width));
          // A column has to be wider than the room to hang over.
          const { left = 0, right = 0 } = columns.find(({ right }) => right > room) ?? {};
          assert.ok(right - left === 0 || left < 40, `${left} to ${right} in ${room}`);
        }
      });
    }

    test('120 layers stand in rows, in order', () => {
      const model = tf.sequential({ layers: [...unusual['120 layers']()] });
      const { svg, width } = volumesSvg(networkOutline(model), 900);
      const columns = groundsOf(svg);
      assert.ok(width <= 900);
      assert.equal(columns.length, 121);
      columns.slice(1).forEach(({ left, top }, i) => {
        const before = columns[i];
        assert.ok(top === before.top ? left >= before.right : top >= before.bottom, `block ${i + 1}`);
      });
    });

    test('a batch normalisation counts with the convolution before it', () => {
      const model = tf.sequential({ layers: [...unusual['batch normalisation']()] });
      // 4 · (9 + 1), and four numbers for each of four channels.
      assert.deepEqual(
        summary(networkOutline(model)).map((row) => (row as unknown[])[3]),
        [0, 56],
      );
    });

    test('a model in a model is drawn as its layers', () => {
      const model = tf.sequential({ layers: [...unusual['a model in a model']()] });
      assert.deepEqual(
        summary(networkOutline(model)).map((row) => (row as unknown[])[2]),
        ['input', 'convolution', 'other', 'dense'],
      );
    });

    test('no layers, two inputs, sizes that are not fixed', () => {
      assert.throws(
        () => networkOutline(tf.sequential()),
        /^TypeError: networkOutline: the model has no layers/,
      );
      const inputs = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
      const outputs = layers.add().apply(inputs) as tf.SymbolicTensor;
      assert.throws(
        () => networkOutline(tf.model({ inputs, outputs }) as tf.Sequential),
        /^TypeError: networkOutline: model is an object of class LayersModel, expected a tf\.Sequential/,
      );
      const open = layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [null, null, 1] });
      assert.throws(
        () => networkOutline(tf.sequential({ layers: [open] })),
        /^RangeError: networkOutline: the shape of the input is \[null, null, 1\], expected fixed sizes/,
      );
    });
  });

  test('a name is text, not SVG', () => {
    const outline = {
      inputShape: [2],
      layers: [{ name: '<b>&', kind: 'Dense', outputShape: [3], parameters: 9 }],
    };
    assert.match(volumesSvg(outline).svg, /&lt;b>&amp;/);
  });

  test('the same from the weights as from the sizes', () => {
    const model = models.conv16Conv32();
    assert.equal(volumesSvg(plainNetwork(model)).svg, volumesSvg(networkOutline(model)).svg);
  });
});

describe('what the widgets of networks refuse', () => {
  test('a model itself', () => {
    const model = models.linear() as unknown as typeof smallNetwork;
    assert.throws(
      () => networkExplorer(model, smallImages(1)),
      /^TypeError: networkExplorer: network is a model, expected .*plainNetwork\(model\)/,
    );
    assert.throws(() => drawDigit(model, smallImages(1)), /^TypeError: drawDigit: network is a model/);
    assert.throws(
      () => networkVolumes(model),
      /^TypeError: networkVolumes: network is .*, expected what networkOutline\(model\)/,
    );
  });

  test('sizes without weights', () => {
    const outline = networkOutline(models.linear()) as typeof smallNetwork;
    assert.throws(
      () => networkExplorer(outline, smallImages(1)),
      /^TypeError: networkExplorer: network\.layers\[0\] has no weights/,
    );
  });

  test('images that the network does not take, and too many', () => {
    assert.throws(
      () => networkExplorer(smallNetwork, smallImages(11)),
      /^RangeError: networkExplorer: images have shape \[11, 28, 28, 1\], expected 1 to 10 images/,
    );
    const wrong = { shape: [1, 14, 56, 1], data: smallImages(1).data };
    assert.throws(
      () => networkExplorer(smallNetwork, wrong),
      /^RangeError: networkExplorer: images have shape \[1, 14, 56, 1\]/,
    );
  });

  test('to draw digits for a network that does not read them', () => {
    const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape: [4, 4, 1] })] });
    assert.throws(
      () => drawDigit(plainNetwork(model), smallImages(1)),
      /^RangeError: drawDigit: network takes \[4, 4, 1\] and gives \[16\], expected one from \[28, 28, 1\]/,
    );
  });
});
