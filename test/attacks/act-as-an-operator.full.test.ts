import { describeForgedPresses } from './forged-presses.ts';

/** What could stand behind an action: jobs, proposals, pages, repositories, versions, and nonsense. */
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

describeForgedPresses({ byMember: abouts, fromElsewhere: abouts });
