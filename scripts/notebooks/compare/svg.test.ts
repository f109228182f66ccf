import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_COMPARE } from '../result';
import { compareSvg } from './svg';

const compare = (stored: string, fresh: string) =>
  compareSvg(stored, fresh, DEFAULT_COMPARE, (text) => text)?.message;
const svg = (inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 450">${inside}</svg>`;

test('a point may move by an invisible amount, 0.7 in 700', () => {
  const path = (x: number) => svg(`<g><path d="M0,0L${x}-5.5.5"/></g>`);
  assert.equal(compare(path(100), path(100.6)), undefined);
  assert.equal(
    compare(path(100), path(101)),
    `svg[1] > g[1] > path[1] d: 'M0,0L100-5.5.5' → 'M0,0L101-5.5.5'`,
  );
});

test('a translation is a length, a scale is not', () => {
  const group = (shift: number, scale: number) =>
    svg(`<g transform="translate(${shift},10) scale(${scale})"/>`);
  assert.equal(compare(group(50, 0.5), group(50.5, 0.5)), undefined);
  assert.match(compare(group(50, 0.5), group(52, 0.5)) ?? '', /transform/);
  assert.match(compare(group(50, 0.5), group(50, 0.6)) ?? '', /transform/);
});

test('labels are compared as text with numbers, colours exactly', () => {
  const label = (text: string, fill = 'red') => svg(`<text x="3" style="fill: ${fill}">${text}</text>`);
  assert.equal(compare(label('loss 0.50'), label('loss 0.5')), undefined);
  assert.equal(
    compare(label('loss 0.5'), label('loss 0.6')),
    `svg[1] > text[1] > text[0]: 'loss 0.5' → 'loss 0.6'`,
  );
  assert.match(compare(label('a', 'red'), label('a', 'blue')) ?? '', /style: 'fill: red' → 'fill: blue'/);
});

test('the ids of elements may differ, if they are used alike', () => {
  const clipped = (name: string, used = name) =>
    svg(
      `<defs><clipPath id="${name}"><path d="M0 0"/></clipPath><clipPath id="z"/></defs><g clip-path="url(#${used})"/>`,
    );
  assert.equal(compare(clipped('clip3f9a'), clipped('clip77b0')), undefined);
  assert.match(compare(clipped('clip3f9a'), clipped('clip77b0', 'z')) ?? '', /clip-path/);
});

test('another element, one more, one less', () => {
  assert.equal(
    compare(svg('<g/><rect/>'), svg('<g/><circle/>')),
    'element 3 of 3: svg[1] > rect[2] → svg[1] > circle[2]',
  );
  assert.match(compare(svg('<g/>'), svg('')) ?? '', /svg\[1\] > g\[1\] → the end/);
});

test('the order of attributes does not matter, a missing one does', () => {
  assert.equal(compare(svg('<g a="1" b="2"/>'), svg('<g b="2" a="1"/>')), undefined);
  assert.match(compare(svg('<g a="1" b="2"/>'), svg('<g a="1"/>')) ?? '', /g\[1\] b: '2' → nothing/);
});

test('text that is not XML is compared as text', () => {
  assert.equal(compare('<svg 0.50', '<svg 0.5'), undefined);
  assert.equal(compare('<svg a', '<svg b'), `'<svg a' → '<svg b'`);
});
