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
    const points = [...svg.matchAll(/points="([^"]+)"/g)].flatMap(([, list]) =>
      list.split(/[ ,]/).map(Number),
    );
    points.forEach((value, i) =>
      assert.ok(value >= 0 && value <= (i % 2 === 0 ? width : height), String(value)),
    );
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
