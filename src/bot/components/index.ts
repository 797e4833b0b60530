import type { Handler } from '../interactions/handler.ts';
import { entryMenu } from '../menus/entry-menu.ts';
import { ownerMenu } from '../menus/owner-menu.ts';
import { pickMenu } from '../menus/pick-menu.ts';
import { runMenu } from '../menus/run-menu.ts';
import { anywayButton } from './anyway-button.ts';
import { auditButton } from './audit-button.ts';
import { cancelButton } from './cancel-button.ts';
import { cancelProposalButton } from './cancel-proposal-button.ts';
import { changelogButton } from './changelog-button.ts';
import { confirmButton } from './confirm-button.ts';
import { decideButton } from './decide-button.ts';
import { detailsButton } from './details-button.ts';
import { dismissButton } from './dismiss-button.ts';
import { fixButton } from './fix-button.ts';
import { jobsButton } from './jobs-button.ts';
import { pageButton } from './page-button.ts';
import { regenerateButton } from './regenerate-button.ts';
import { retryButton } from './retry-button.ts';
import { secretButton } from './secret-button.ts';
import { turnButton } from './turn-button.ts';

/** Every button and menu. */
export const handlers: readonly Handler[] = [
  // Of a job's message.
  retryButton,
  detailsButton,
  cancelButton,
  dismissButton,
  fixButton,
  anywayButton,
  secretButton,
  decideButton,
  ownerMenu,
  changelogButton,
  entryMenu,
  // Of an answer to a command.
  confirmButton,
  cancelProposalButton,
  regenerateButton,
  pageButton,
  pickMenu,
  jobsButton,
  runMenu,
  turnButton,
  auditButton,
];
