import type { PackageResult } from '../../domain/job/report.ts';

/** A result, or `waiting`: the registry has not shown the version yet and may still do so. */
export type PackageRun =
  | { readonly kind: 'result'; readonly result: PackageResult; readonly retryAfterMs?: number }
  | { readonly kind: 'waiting'; readonly result: PackageResult };
