import { invalidFormBody } from '../api-error.ts';
import { type JsonObject, objectsOf, withoutNulls } from '../json.ts';
import { spec } from '../schema-check.ts';
import type { DiscordState } from '../state.ts';
import { checkGuild } from './guild-routes.ts';
import type { Route } from './route.ts';

export const commandRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/applications/:application/guilds/:guild/commands',
    answerItems: spec.ApplicationCommandResponseSchema,
    handle({ state }, _request, { guild }) {
      checkGuild(state, guild);
      return { status: 200, body: state.commands };
    },
  },
  {
    method: 'PUT',
    path: '/applications/:application/guilds/:guild/commands',
    requestItems: spec.ApplicationCommandUpdateRequestSchema,
    answerItems: spec.ApplicationCommandResponseSchema,
    handle({ state }, request, { guild }) {
      checkGuild(state, guild);
      const wanted = objectsOf(request.body);
      refuseBadCommands(wanted);
      state.commands = wanted.map((command) => storeCommand(state, command));
      state.changes.emit('commands');
      return { status: 200, body: state.commands };
    },
  },
];

/** Stores a command; it keeps its id as long as its name stays the same. */
function storeCommand(state: DiscordState, command: JsonObject): JsonObject {
  const before = state.commands.find((other) => other['name'] === command['name']);
  return {
    description: '',
    ...storeOptions(withoutNulls(command)),
    id: before?.['id'] ?? state.nextId(),
    application_id: state.applicationId,
    guild_id: state.guildId,
    version: state.nextId(),
    type: command['type'] ?? 1,
    default_member_permissions: command['default_member_permissions'] ?? null,
    nsfw: false,
  };
}

function storeOptions(value: JsonObject): JsonObject {
  if (value['options'] === undefined) return value;
  const options = objectsOf(value['options']).map((option) => storeOptions(withoutNulls(option)));
  return { ...value, options };
}

function refuseBadCommands(commands: readonly JsonObject[]): void {
  const problems = commands.flatMap((command, index) => {
    const name = String(command['name']);
    const found = [];
    if (!/^[-_'\p{L}\p{N}]{1,32}$/u.test(name) || name !== name.toLowerCase()) {
      found.push({
        path: [index, 'name'],
        code: 'APPLICATION_COMMAND_INVALID_NAME',
        message: 'Command name is invalid',
      });
    }
    if (commands.findIndex((other) => other['name'] === name) !== index) {
      const message = 'Application command names must be unique';
      found.push({ path: [index, 'name'], code: 'APPLICATION_COMMANDS_DUPLICATE_NAME', message });
    }
    return found;
  });
  if (problems.length > 0) throw invalidFormBody(problems);
}
