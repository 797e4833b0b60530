import { start } from './0001-start.ts';
import { threadMessages } from './0002-thread-messages.ts';
import { github } from './0006-github.ts';

/** Forward only, each applied once in one transaction. A new one is a new file and a line at the end. */
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  { name: '0001-start', sql: start },
  { name: '0002-thread-messages', sql: threadMessages },
  { name: '0006-github', sql: github },
];
