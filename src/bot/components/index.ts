import type { ComponentHandler } from '../interactions/command.ts';
import type { FormHandler } from '../interactions/form.ts';
import { changelogMenu } from '../menus/changelog-menu.ts';
import { ownerMenu } from '../menus/owner-menu.ts';
import { pickMenu } from '../menus/pick-menu.ts';
import { runMenu } from '../menus/run-menu.ts';
import { anywayButton } from './anyway-button.ts';
import { auditButton } from './audit-button.ts';
import type { ButtonHandler } from './button.ts';
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

/** Buttons of a job's message. */
export const buttonHandlers: readonly ButtonHandler[] = [
  retryButton,
  detailsButton,
  cancelButton,
  dismissButton,
  fixButton,
];

/** Buttons and menus of an answer to a command. */
export const componentHandlers: readonly ComponentHandler[] = [
  confirmButton,
  cancelProposalButton,
  pageButton,
  pickMenu,
  decideButton,
  ownerMenu,
  changelogButton,
  changelogMenu,
  regenerateButton,
  jobsButton,
  runMenu,
  turnButton,
  auditButton,
];

/** Buttons that open a form. */
export const formHandlers: readonly FormHandler[] = [anywayButton, secretButton];
