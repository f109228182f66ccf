/** A network as blocks of height × width × channels. */
import type { NetworkOutline } from '../plainNetwork';
import { checkOutline } from './checkNetwork';
import type { Widget } from './host';
import { escapeHtml, widget } from './host';
import { parametersText, sizesText, volumesSvg, VOLUMES_STYLE } from './volumes';

/** What the page gets. */
export interface NetworkVolumesData {
  readonly outline: NetworkOutline;
}

/**
 * Draws a network as a row of blocks, height × width × channels, with the sizes and parameters of its layers; of the
 * block that is chosen it says how they come about.
 *
 * @param network its sizes: what {@link networkOutline}, {@link plainNetwork} or {@link describe} gives for a model
 * @returns an object that shows itself where it is the last expression of a cell
 * @throws TypeError or RangeError when sizes are missing or not whole numbers
 * @example networkVolumes(networkOutline(models.twoConvLayers()))
 */
export function networkVolumes(network: NetworkOutline): Widget {
  const outline = checkOutline('networkVolumes', network);
  const sizes = [outline.inputShape, ...outline.layers.map(({ outputShape }) => outputShape)];
  const total = outline.layers.reduce((sum, { parameters }) => sum + parameters, 0);
  const ends = [sizes[0], sizes[sizes.length - 1]].map(sizesText).join(' to ');
  const description = `Network of ${outline.layers.length} layers, ${ends}, ${parametersText(total)}`;
  const data: NetworkVolumesData = { outline };
  return widget(
    'networkVolumes',
    { ...data },
    { description, picture: () => stillVolumes(outline, description) },
  );
}

/** What a notebook's column has, in pixels: a longer network goes on in another row. */
const STILL_ROOM = 900;

/** The drawing as a picture of its own, in the colours that the reader's system has. */
export function stillVolumes(outline: NetworkOutline, description: string): string {
  const { svg, width, height } = volumesSvg(outline, STILL_ROOM);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="volumes" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeHtml(description)}</title>`,
    `<style>.volumes{--ink:#1f2328;--faint:#57606a;--rule:#d0d7de;--edge:#8c959f;--paper:#fff}`,
    `@media(prefers-color-scheme:dark){.volumes{--ink:#e6e9ed;--faint:#9aa4af;--rule:#3a424b;--edge:#6b7681;--paper:#16191d}}`,
    `${VOLUMES_STYLE.replaceAll('\n', '')}</style>${svg}</svg>`,
  ].join('');
}
