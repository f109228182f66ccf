// @ts-check
'use strict';
/**
 * Who may import whom, in the library and around it (`npm run check:imports`). Type imports count: a room whose types need
 * another room's is not below it.
 */

/** Tests, and what only they use, may look at everything. */
const TEST = '\\.test\\.ts$|(^|/)testdata(/|\\.ts$)|^tests/';
/** A room's modules, without its tests. @param {string} name */
const room = (name) => ({ path: `^lib/src/${name}/`, pathNot: TEST });
/** @param {readonly string[]} names */
const rooms = (...names) => `^lib/src/(${names.join('|')})/`;
const TENSORFLOW = '^@tensorflow|node_modules/@tensorflow';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'lib-stands-alone',
      comment: 'lib is packed and used without the repository around it',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(scripts|tests|notebooks)/' },
    },
    {
      name: 'command-line-is-on-top',
      comment: "the notebook runner's rooms know nothing of its options",
      severity: 'error',
      from: { path: '^scripts/notebooks/(?!cli/|main)', pathNot: TEST },
      to: { path: '^scripts/notebooks/cli/' },
    },
    {
      name: 'comparing-is-pure',
      comment: 'outputs are compared without a kernel, a file or a report',
      severity: 'error',
      from: { path: '^scripts/notebooks/compare/', pathNot: TEST },
      to: { path: '^scripts/notebooks/(run|check|notebook|report|cli)/' },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: `${TEST}|^scripts/(testTogether|fuzz|bench/jobs)\\.ts$` },
      to: { path: TEST },
    },
    {
      name: 'public-face-is-for-others',
      comment: 'inside of lib a module imports what it needs from where it stands',
      severity: 'error',
      from: { path: '^lib/src/', pathNot: TEST },
      to: { path: '^lib/src/(index|browser)\\.ts$' },
    },
    {
      name: 'ground-floor',
      comment: 'ndarray, shape, check and the like are what all rooms stand on',
      severity: 'error',
      from: { path: '^lib/src/([^/]+|check/.*)\\.ts$', pathNot: `${TEST}|^lib/src/(index|browser)\\.ts$` },
      to: { path: '^lib/src/(?!check/)[^/]+/' },
    },
    {
      name: 'ops-is-plain-mathematics',
      severity: 'error',
      from: room('ops'),
      to: { pathNot: '^lib/src/(ops/|check/|[^/]+\\.ts$)' },
    },
    {
      name: 'exercises-stand-on-ops',
      comment: 'what a learner writes is compared with ops; the checks run wherever JavaScript does',
      severity: 'error',
      from: room('exercises'),
      to: { pathNot: '^lib/src/(exercises/|ops/|check/|[^/]+\\.ts$)' },
    },
    {
      name: 'data-knows-no-network',
      severity: 'error',
      from: room('data'),
      to: { path: [TENSORFLOW, '^lib/src/(?!data/|check/|platform/)[^/]+/', 'node_modules/plotly'] },
    },
    {
      name: 'models-are-below-training',
      severity: 'error',
      from: room('models'),
      to: { path: '^lib/src/(?!models/|backend/|check/)[^/]+/' },
    },
    {
      name: 'backend-is-below-models',
      severity: 'error',
      from: room('backend'),
      to: { path: '^lib/src/(?!backend/|check/)[^/]+/' },
    },
    {
      name: 'training-is-above',
      severity: 'error',
      from: {
        path: rooms('ops', 'data', 'models', 'backend', 'engine', 'platform', 'plot', 'widgets'),
        pathNot: TEST,
      },
      to: { path: rooms('training') },
    },
    {
      name: 'engine-through-training',
      severity: 'error',
      from: {
        pathNot: `^lib/src/((engine|training|speed|browser)/|(index|browser)\\.ts$)|^scripts/fuzz\\.ts$|${TEST}`,
      },
      to: { path: rooms('engine') },
    },
    {
      name: 'nobody-imports-the-page',
      comment: 'browser/ is training for pages, bundled by itself',
      severity: 'error',
      from: { pathNot: `^lib/src/browser(/|\\.ts$)|${TEST}` },
      to: { path: '^lib/src/browser/' },
    },
    {
      name: 'pages-train-without-node',
      comment: 'nor with what needs Node or TensorFlow.js, but for its types',
      severity: 'error',
      from: { path: '^lib/src/(browser/|browser\\.ts$|platform/browser)', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'engine-through-platform',
      comment:
        'threads, files, cores and the event loop are where another machine than Node can replace them',
      severity: 'error',
      from: room('engine'),
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'threads-through-platform',
      comment: 'augmentation has them, too',
      severity: 'error',
      from: { path: '^lib/src/', pathNot: `${TEST}|^lib/src/platform/` },
      to: { path: 'worker_threads' },
    },
    {
      name: 'platform-is-below',
      severity: 'error',
      from: room('platform'),
      to: { path: '^lib/src/(?!platform/)[^/]+/' },
    },
    {
      name: 'figures-take-plain-data',
      comment: 'never a model or a data set object',
      severity: 'error',
      from: { path: rooms('plot', 'widgets'), pathNot: TEST },
      to: { path: [TENSORFLOW, rooms('data', 'models', 'backend', 'training', 'engine')] },
    },
    {
      name: 'figures-are-drawn-anywhere',
      comment: 'by a page too; only to show one in a notebook or a window takes Node',
      severity: 'error',
      from: { path: '^lib/src/plot/', pathNot: `${TEST}|^lib/src/plot/(show|window\\w*)\\.ts$` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pages-have-no-node',
      comment: 'what a widget bundles runs in a browser',
      severity: 'error',
      from: { path: '^lib/src/widgets/page/', pathNot: TEST },
      to: { path: '^lib/src/', pathNot: '^lib/src/(widgets/|ops/|check/|plot/colours|[^/]+\\.ts$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^lib/(dist|src/engine/kernels/assembly)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
