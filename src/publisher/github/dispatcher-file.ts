/** Where the dispatcher is written, and where it may stand from earlier days. */
export const dispatcherPath = '.github/workflows/upm-dispatch.yaml';
export const dispatcherPaths: readonly string[] = [
  dispatcherPath,
  '.github/workflows/upm-dispatch.yml',
  '.github/workflows/upm-publish-dispatcher.yml',
  '.github/workflows/upm-publish-dispatcher.yaml',
];
