/** Figures: made from plain data, shown in a notebook, in a window, or as a picture. */
export type { Figure, Grid } from './figure';
export type { Scale } from './style';
export type { Cell } from './cells';
export { barChart, lineChart } from './charts';
export type { BarOptions, ChartOptions, Series } from './charts';
export { confusionMatrix, heatMap, matrix } from './heatMap';
export type { ConfusionMatrixOptions, HeatMapOptions, MatrixOptions } from './heatMap';
export { imageGrid } from './imageGrid';
export type { Image, ImageGridOptions } from './imageGrid';
export { sideBySide } from './sideBySide';
export type { SideBySideOptions } from './sideBySide';
export { liveFigure, show } from './show';
export type { LiveFigure } from './show';
export { toSvg } from './svg';
export { openWindow } from './window';
export type { WindowOptions } from './window';
export { windowCells } from './windowCells';
