/** Of the library what an answer may use in a page: all that needs neither TensorFlow.js nor Node. */
import * as cost from '../../../../lib/src/cost';
import * as contents from '../../../../lib/src/data/contents';
import * as idx from '../../../../lib/src/data/idx';
import * as parts from '../../../../lib/src/data/split';
import * as lists from '../../../../lib/src/lists';
import * as medians from '../../../../lib/src/median';
import * as arrays from '../../../../lib/src/ndarray';
import * as ops from '../../../../lib/src/ops';
import * as paired from '../../../../lib/src/paired';
import { percent } from '../../../../lib/src/percent';
import * as randoms from '../../../../lib/src/random';
import { barChart } from '../../../../lib/src/plot/barChart';
import { confusionMatrix } from '../../../../lib/src/plot/confusionMatrix';
import { toSvg } from '../../../../lib/src/plot/draw';
import { greyPicture } from '../../../../lib/src/plot/greyPicture';
import { heatMap } from '../../../../lib/src/plot/heatMap';
import { imageGrid } from '../../../../lib/src/plot/imageGrid';
import { lineChart } from '../../../../lib/src/plot/lineChart';
import { matrix } from '../../../../lib/src/plot/matrix';
import { sideBySide } from '../../../../lib/src/plot/sideBySide';
import { windowCells } from '../../../../lib/src/plot/windowCells';
import * as rows from '../../../../lib/src/rows';
import * as shape from '../../../../lib/src/shape';

export const LIBRARY: Readonly<Record<string, unknown>> = {
  ...cost,
  ...contents,
  ...idx,
  ...parts,
  ...lists,
  ...medians,
  ...arrays,
  ...ops,
  ...paired,
  ...randoms,
  ...rows,
  ...shape,
  percent,
  barChart,
  confusionMatrix,
  greyPicture,
  heatMap,
  imageGrid,
  lineChart,
  matrix,
  sideBySide,
  windowCells,
  toSvg,
};
