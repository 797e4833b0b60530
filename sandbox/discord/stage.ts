import type { DiscordDouble } from './double.ts';
import type { Gateway } from './gateway.ts';
import type { DiscordUser } from './guild-shape.ts';
import { shapeCommand, shapeInteraction, shapePress } from './inject.ts';
import type { InteractionDesk, InteractionRecord, NewInteraction, Outcome } from './interactions.ts';
import { isObject, type JsonObject } from './json.ts';
import { checkSchema, describeProblems, spec } from './schema-check.ts';
import type { DiscordState } from './state.ts';
import type { ViolationList } from './violations.ts';

/** What people do: press and type. */
export type Stage = Pick<DiscordDouble, 'press' | 'command' | 'autocomplete'>;

export function createStage(
  state: DiscordState,
  desk: InteractionDesk,
  gateway: Gateway,
  violations: ViolationList,
): Stage {
  const [threadId = ''] = state.threads.keys();

  function act(
    interaction: NewInteraction,
    data: (record: InteractionRecord) => JsonObject,
  ): Promise<Outcome> {
    const { record, outcome } = desk.open(interaction);
    const payload = shapeInteraction(state, record, data(record));
    checkPayload(violations, payload);
    gateway.dispatchAll('INTERACTION_CREATE', payload);
    return outcome;
  }

  function type(
    kind: 'command' | 'autocomplete',
    typed: Parameters<Stage['command']>[0] & { readonly user: DiscordUser },
  ): Promise<Outcome> {
    const guildId = typed.guildId ?? state.guildId;
    const channelId = guildId === state.guildId ? threadId : state.nextId();
    return act({ kind, guildId, channelId, user: typed.user, source: undefined }, () =>
      shapeCommand(state, typed),
    );
  }

  return {
    async press(messageId, customId, user, options = {}) {
      const source = state.messages.find((message) => message.id === messageId);
      if (!source) throw new Error(`No message ${messageId} was ever here`);
      const guildId = options.guildId ?? state.guildId;
      return act({ kind: 'press', guildId, channelId: source.channelId, user, source }, () =>
        shapePress(customId, options.values),
      );
    },
    command: (typed) => type('command', typed),
    autocomplete: (typed) => type('autocomplete', typed),
  };
}

/** No published schema describes dispatches; their parts have one. */
function checkPayload(violations: ViolationList, payload: JsonObject): void {
  const member = isObject(payload['member']) ? payload['member'] : {};
  const reports = [checkSchema(spec.PrivateGuildMemberResponseSchema, member)];
  if (payload['message']) reports.push(checkSchema(spec.MessageResponseSchema, payload['message']));
  violations.add('dispatch', 'INTERACTION_CREATE', reports.flatMap(describeProblems));
}
