import { describeForgedPresses } from './forged-presses.ts';

// One of each kind: the bot answers fifty times a second at most, and there are many actions.
describeForgedPresses({
  byMember: ['1', '7', '1-0', 'com.studio.core', 'backup-on'],
  fromElsewhere: ['1', 'com.studio.core'],
});
