/**
 * `npm run train:window`: trains a network of the course while its curves grow in a window of the browser. The history
 * is an RxJS `Observable`: whatever can be done with one can be done with a training.
 */
import { evaluate, learningCurves, loadMnist, models, openWindow, train, type EpochRecord } from 'convlab';
import { map, scan, Subject } from 'rxjs';
import { readOptions, runTool, wholeNumber } from './commandLine';

const usage = `npm run train:window -- [options]

  --epochs N    default 10
  --seed N      default 1
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    epochs: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const [epochs, seed] = [wholeNumber('--epochs', values.epochs), wholeNumber('--seed', values.seed)];
  const { train: digits, test } = await loadMnist();
  const model = models.twoConvLayers({ seed });

  const records = new Subject<EpochRecord>();
  const history = records.pipe(scan((all: EpochRecord[], record) => [...all, record], []));
  const window = openWindow(
    history.pipe(map((all) => learningCurves(all, { title: `epoch ${all.length} of ${epochs}` }))),
    // Time enough to copy an address into a browser on another screen.
    { seconds: 60 },
  );
  await train(model, digits, { epochs, seed, validation: test, onEpoch: (record) => records.next(record) });
  records.complete();

  const { accuracy } = await evaluate(model, test);
  console.log(`${(100 * accuracy).toFixed(2)} % of ${test.size} test digits`);
  await window;
}

runTool('npm run train:window', main);
