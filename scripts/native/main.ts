/**
 * `npm run setup:native`: TensorFlow's C library for TensorFlow.js, where `npm install` could not download it. Tries
 * the official download, then a TensorFlow installed for Python.
 */
import { progressOn } from '../download/progress';
import { programFromHere, readOptions, runTool } from '../commandLine';
import { AllFailed, removeNative, setUpNative } from './setUp';
import { StepError } from './step';

const usage = `npm run setup:native [-- options]

Makes @tensorflow/tfjs-node work: with the official download of libtensorflow, else with a TensorFlow for Python
(2.13 or later) and a C++ compiler. Nothing is changed unless the result trains a batch like the wasm backend.

  --python PYTHON  a Python that has a TensorFlow, instead of the download
  --remove         removes what this command has made

Downloads go through the proxy in HTTPS_PROXY, and to the mirrors that tfjs-node knows: TFJS_NODE_CDN_STORAGE,
TFJS_NODE_BASE_URI, and npm_config_tfjs_binding_binary_host_mirror for the addon.
`;

async function main(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    python: { type: 'string' },
    remove: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  if (values.remove) {
    console.log(await removeNative());
    return;
  }
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    const system = { darwin: 'macOS', win32: 'Windows' }[process.platform as string] ?? process.platform;
    console.error(
      `npm run setup:native is for Linux on x64 and arm64; this is ${system} on ${process.arch}.\n` +
        "Nothing is missing without it: networks train in the course's own engine, and TensorFlow.js computes on WebAssembly.\n" +
        'On macOS and Windows, `npm install` has tried the official download of TensorFlow; `npm run doctor` says what computes.',
    );
    process.exitCode = 1;
    return;
  }
  try {
    const python = values.python && programFromHere(values.python);
    console.log(await setUpNative({ python, progress: progressOn(process.stdout) }));
  } catch (error) {
    if (!(error instanceof AllFailed || error instanceof StepError)) throw error;
    console.error(`${error.message}\nNothing has been changed; everything runs without it, on WebAssembly.`);
    process.exitCode = 1;
  }
}

runTool('npm run setup:native', main);
