import { describe } from 'vitest';
import { describeForgedPresses } from './forged-presses.ts';

describe('a stranger who forges custom ids', () => {
  // One value of each kind, because the bot answers fifty times a second at most and there are many actions.
  describeForgedPresses({
    byMember: ['1', '7', '1-0', 'com.studio.core', 'backup-on'],
    fromElsewhere: ['1', 'com.studio.core'],
  });
});
