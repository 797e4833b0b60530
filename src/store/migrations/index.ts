import { start } from './0001-start.ts';
import { threadMessages } from './0002-thread-messages.ts';
import { catalog } from './0003-catalog.ts';
import { botMemory } from './0004-bot-memory.ts';
import { changelogs } from './0005-changelogs.ts';
import { github } from './0006-github.ts';
import { everything } from './0007-everything.ts';
import { packageHistory } from './0008-package-history.ts';
import { scheduledRuns } from './0009-scheduled-runs.ts';
import { audit } from './0010-audit.ts';
import { upkeep } from './0011-upkeep.ts';
import { shadow } from './0012-shadow.ts';
import { guidIndex } from './0013-guid-index.ts';
import { commitChecks } from './0014-commit-checks.ts';
import { preflightPolicy } from './0014-preflight-policy.ts';
import { fingerprintKey } from './0015-fingerprint-key.ts';
import { credentials } from './0017-credentials.ts';
import { fixProposals } from './0018-fix-proposals.ts';
import { stagedFixes } from './0019-staged-fixes.ts';
import { assemblyNames } from './0023-assembly-names.ts';
import { forgottenPackuments } from './0032-forgotten-packuments.ts';
import { ownBranches } from './0035-own-branches.ts';

/** Forward only, each applied once in one transaction. A new one is a new file and a line at the end. */
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  { name: '0001-start', sql: start },
  { name: '0002-thread-messages', sql: threadMessages },
  { name: '0003-catalog', sql: catalog },
  { name: '0004-bot-memory', sql: botMemory },
  { name: '0005-changelogs', sql: changelogs },
  { name: '0006-github', sql: github },
  { name: '0007-everything', sql: everything },
  { name: '0008-package-history', sql: packageHistory },
  { name: '0009-scheduled-runs', sql: scheduledRuns },
  { name: '0010-audit', sql: audit },
  { name: '0011-upkeep', sql: upkeep },
  { name: '0012-shadow', sql: shadow },
  { name: '0013-guid-index', sql: guidIndex },
  { name: '0014-commit-checks', sql: commitChecks },
  { name: '0014-preflight-policy', sql: preflightPolicy },
  { name: '0015-fingerprint-key', sql: fingerprintKey },
  { name: '0017-credentials', sql: credentials },
  { name: '0018-fix-proposals', sql: fixProposals },
  { name: '0019-staged-fixes', sql: stagedFixes },
  { name: '0023-assembly-names', sql: assemblyNames },
  { name: '0032-forgotten-packuments', sql: forgottenPackuments },
  { name: '0035-own-branches', sql: ownBranches },
];
