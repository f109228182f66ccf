/** Notebook 6, exercise 3: what it costs, and brings, to train with shifted digits, by the length of the training. */
import { random, smallNetwork, type Dataset } from 'convlab';
import { digits, part } from './digits';
import type { Arm, Experiment } from './experiment';
import { trainNet, wrongBy } from './hidden';

/** The digits moved to the right, each by its own number of pixels. */
function shifted({ images, ...rest }: Dataset, by: (image: number) => number): Dataset {
  const distances = Array.from({ length: rest.size }, (_, i) => by(i));
  const moved = images.map((_, at) => {
    const distance = distances[Math.floor(at / 784)];
    return at % 28 >= distance ? images[at - distance] : 0;
  });
  return { ...rest, images: moved };
}

const arm = (isShifted: boolean, images: number, epochs: number): Arm => ({
  name: `${isShifted ? 'shifted' : 'as they are'}, ${images} digits, epochs: ${epochs}`,
  settings: { hidden: 32, images, epochs, shifted: isShifted },
  rates: [0.05, 0.1, 0.2, 0.4, 0.8],
  async run({ seed, learningRate, on }) {
    const data = await digits();
    const some = part(data.train, 0, images);
    const generator = random(8 + seed);
    const learned = isShifted ? shifted(some, () => generator.below(4)) : some;
    const net = trainNet(smallNetwork.start(32, seed), learned, { learningRate, epochs });
    const moved = [1, 2, 3, 4].map((pixels): [string, number] => [
      `wrong moved by ${pixels}`,
      wrongBy(
        net,
        shifted(data[on], () => pixels),
      ),
    ]);
    return { wrong: wrongBy(net, data[on]), ...Object.fromEntries(moved) };
  },
});

export const shifting: Experiment = {
  name: 'shifting',
  question: 'Does a network that trains with shifted digits read the others worse?',
  arms: [
    [2000, 1],
    [6000, 2],
    [6000, 6],
  ].flatMap(([images, epochs]) => [arm(false, images, epochs), arm(true, images, epochs)]),
};
