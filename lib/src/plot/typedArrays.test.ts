import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heatMap } from './heatMap';
import { lineChart } from './lineChart';
import { toSvg } from './svg';
import { withTypedArrays } from './typedArrays';

interface Sent {
  readonly dtype: string;
  readonly bdata: string;
  readonly shape?: string;
}

const wave = Array.from({ length: 200 }, (_, i) => Math.sin(i / 9));
const grid = (height: number, width: number, value: (i: number) => number): number[][] =>
  Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => value(row * width + column)),
  );
const sent = (figure: { data: readonly object[] }, list: 'x' | 'y' | 'z'): Sent =>
  (withTypedArrays(figure.data)[0] as Record<typeof list, Sent>)[list];

test('Plotly draws the same picture from the message as from the figure', async () => {
  const ids = / id="[^"]*"|url\([^)]*\)/g;
  for (const figure of [
    heatMap(grid(28, 20, (i) => i / 560)),
    heatMap(grid(9, 9, (i) => i - 40)),
    lineChart([{ y: wave }, { x: wave, y: wave.map((value) => 1e-60 * value) }]),
  ]) {
    const data = withTypedArrays(figure.data);
    assert.match(JSON.stringify(data), /bdata/);
    assert.equal((await toSvg({ ...figure, data })).replace(ids, ''), (await toSvg(figure)).replace(ids, ''));
  }
});

test('small whole numbers take one byte each, fractions four, and numbers that need it eight', () => {
  const bytes = sent(heatMap(grid(16, 16, (i) => i)), 'z');
  assert.deepEqual([bytes.dtype, bytes.shape], ['u1', '16, 16']);
  assert.deepEqual(
    [...Buffer.from(bytes.bdata, 'base64')],
    Array.from({ length: 256 }, (_, i) => i),
  );
  assert.equal(sent(lineChart([{ y: wave }]), 'y').dtype, 'f4');
  assert.equal(sent(lineChart([{ y: wave.map((value) => 1e-60 * value) }]), 'y').dtype, 'f8');
  assert.equal(sent(lineChart([{ y: wave.map((_, i) => 100_000_001 + i) }]), 'y').dtype, 'f8');
});

test('short lists, lists with gaps and lists of words stay as they are', () => {
  for (const data of [
    heatMap(grid(5, 5, (i) => i)).data,
    lineChart([{ y: [...wave, NaN] }]).data.map((trace) => ({ ...trace, x: undefined })),
    [{ x: wave.map((value) => `layer ${value}`) }],
  ]) {
    assert.deepEqual(withTypedArrays(data), data);
  }
});
