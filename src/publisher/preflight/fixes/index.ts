import { unmarkManifest, unmarkMetas } from './byte-order-marks.ts';
import { extendFiles } from './file-lists.ts';
import type { Fix } from './fix.ts';
import { addMetas } from './missing-metas.ts';
import { removeAttestation } from './stale-attestations.ts';
import { hideSamples } from './visible-samples.ts';

/**
 * Fixes in the order in which they run: each sees what the fixes before it changed. A new fix is a new file, or a
 * further fix in a file, and a line here.
 */
export const fixes: readonly Fix[] = [
  unmarkManifest,
  unmarkMetas,
  hideSamples,
  addMetas,
  extendFiles,
  removeAttestation,
];
