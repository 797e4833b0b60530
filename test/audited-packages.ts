import { failure } from '../src/domain/failure/failure.ts';
import { blankResult, failed } from '../src/domain/job/package-result.ts';
import type { PackageResult } from '../src/domain/job/report.ts';

/** One package for each outcome that an audit describes in its own way. */
export const published: PackageResult = {
  ...blankResult('com.studio.doors', 'Packages/Doors', 'published'),
  version: '1.1.0',
  previousVersion: '1.0.0',
  distTag: 'latest',
};
export const broken = failed(
  { ...blankResult('com.studio.walls', 'Packages/Walls', 'failed'), version: '2.0.0' },
  failure('pack-failed', { problem: 'no room' }),
);
export const skipped: PackageResult = {
  ...blankResult('com.studio.roof', 'Packages/Roof', 'skipped'),
  version: '3.0.0',
  note: 'it is on the registry',
};
