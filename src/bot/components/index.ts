import type { ButtonHandler } from './button.ts';
import { cancelButton } from './cancel-button.ts';
import { detailsButton } from './details-button.ts';
import { retryButton } from './retry-button.ts';

/** Every button that can be pressed. */
export const buttonHandlers: readonly ButtonHandler[] = [retryButton, detailsButton, cancelButton];
