import { parseArgs } from 'node:util';
import { registeredCommandsKey } from '../bot/gateway/command-registration.ts';
import { changeData } from './change-data.ts';
import { type ParsedArguments, refuseArguments, runTool } from './run-tool.ts';

const usage = `Lets the bot register its commands again at the next start, while the process is stopped.

  npm run register-commands

For commands that were removed in Discord: the bot sends them only when they differ from what it sent last. Settings:
DATA_DIR and the others of docs/settings.md, from the environment or .env.
Exit: 0 done, 2 bad input, 75 a process works on the same DATA_DIR, 78 bad settings or a database that cannot be used.
`;

function parseCommandLine(args: readonly string[]): ParsedArguments<undefined> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean', short: 'h', default: false } },
    });
    return values.help ? { kind: 'help' } : { kind: 'request', request: undefined };
  } catch (error) {
    return refuseArguments(error);
  }
}

process.exitCode = await runTool({
  usage,
  parse: parseCommandLine,
  require: 'register-commands',
  run: async (_request, config, secrets) =>
    changeData(config, secrets, async ({ botMemory }) => {
      await botMemory.remember(registeredCommandsKey, 'to be sent again');
      process.stdout.write('The commands are registered again at the next start.\n');
      return 0;
    }),
});
