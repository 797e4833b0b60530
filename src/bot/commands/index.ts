import type { Command } from '../interactions/command.ts';
import { changelogCommand } from './changelog.ts';
import { publishCommand } from './publish.ts';
import { registerCommand } from './register.ts';
import { statusCommand } from './status.ts';
import { unpublishedCommand } from './unpublished.ts';

/** Every slash command. */
export const commands: readonly Command[] = [
  publishCommand,
  registerCommand,
  statusCommand,
  changelogCommand,
  unpublishedCommand,
];
