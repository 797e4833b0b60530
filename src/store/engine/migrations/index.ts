import { repositories } from './0001-repositories.ts';
import { jobs } from './0002-jobs.ts';
import { catalog } from './0003-catalog.ts';
import { judgements } from './0004-judgements.ts';
import { audit } from './0005-audit.ts';
import { announcements } from './0006-announcements.ts';
import { changelogs } from './0007-changelogs.ts';
import { github } from './0008-github.ts';
import { schedule } from './0009-schedule.ts';
import { preflight } from './0010-preflight.ts';
import { shadow } from './0011-shadow.ts';
import { memory } from './0012-memory.ts';

/**
 * All migrations, in order; each is applied once, in one transaction, and never undone. To add one, add a file and a
 * line at the end.
 */
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  { name: '0001-repositories', sql: repositories },
  { name: '0002-jobs', sql: jobs },
  { name: '0003-catalog', sql: catalog },
  { name: '0004-judgements', sql: judgements },
  { name: '0005-audit', sql: audit },
  { name: '0006-announcements', sql: announcements },
  { name: '0007-changelogs', sql: changelogs },
  { name: '0008-github', sql: github },
  { name: '0009-schedule', sql: schedule },
  { name: '0010-preflight', sql: preflight },
  { name: '0011-shadow', sql: shadow },
  { name: '0012-memory', sql: memory },
];
