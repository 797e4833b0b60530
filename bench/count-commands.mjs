// Loaded into a measured process: writes one character for each command that it starts.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';

const file = process.env['COUNT_COMMANDS_FILE'];
if (file !== undefined) subscribe('child_process', () => appendFileSync(file, '.'));
