import { describe } from 'vitest';
import { describeForgedPresses } from './forged-presses.ts';

/** Values that could stand behind an action: jobs, proposals, pages, repositories, versions, and nonsense. */
const abouts = [
  '0',
  '1',
  '2',
  '7',
  '12',
  '1-0',
  '1-1',
  'com.studio.core',
  'backup',
  'backup-on',
  '-1',
  '1e3',
  'x',
];

describe('a stranger who forges custom ids', () => {
  describeForgedPresses({ byMember: abouts, fromElsewhere: abouts });
});
