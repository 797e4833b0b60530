import type { DiscordDouble, Typist } from './double.ts';
import type { Gateway } from './gateway.ts';
import { shapeCommand, shapeInteraction, shapePress, type TypedCommand } from './inject.ts';
import type { InteractionDesk, InteractionRecord, NewInteraction, OpenInteraction } from './interactions.ts';
import { isObject, type JsonObject } from './json.ts';
import { shapeModalSubmit } from './modal.ts';
import { checkSchema, describeProblems, spec } from './schema-check.ts';
import type { DiscordState } from './state.ts';
import type { ViolationList } from './violations.ts';

type Acts = Pick<DiscordDouble, 'press' | 'command' | 'autocomplete' | 'submitModal'>;

/**
 * What people do: press, type and fill in. Each method throws what the double's method of the same name rejects with.
 */
export type Stage = {
  readonly [Act in keyof Acts]: (...typed: Parameters<Acts[Act]>) => OpenInteraction;
};

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
  ): OpenInteraction {
    const open = desk.open(interaction);
    const payload = shapeInteraction(state, open.record, data(open.record));
    checkPayload(violations, payload);
    gateway.dispatchAll('INTERACTION_CREATE', payload);
    return open;
  }

  function type(kind: 'command' | 'autocomplete', typed: TypedCommand & Typist): OpenInteraction {
    const guildId = typed.guildId ?? state.guildId;
    const channelId = guildId === state.guildId ? (typed.channelId ?? threadId) : state.nextId();
    const said = ['/', typed.name, typed.subcommand === undefined ? '' : ` ${typed.subcommand}`].join('');
    const interaction = { kind, guildId, channelId, user: typed.user, source: undefined, typed: said };
    return act(interaction, () => shapeCommand(state, typed));
  }

  return {
    press(messageId, customId, user, options = {}) {
      const source = state.messages.find((message) => message.id === messageId);
      if (!source) throw new Error(`No message ${messageId} was ever here`);
      const guildId = options.guildId ?? state.guildId;
      return act(
        { kind: 'press', guildId, channelId: source.channelId, user, source, typed: undefined },
        () => shapePress(customId, options.values),
      );
    },
    command: (typed) => type('command', typed),
    autocomplete: (typed) => type('autocomplete', typed),
    submitModal(modal, answers, user) {
      const opener = desk.find(modal.interactionId);
      if (opener?.modal === undefined) throw new Error('This modal was never shown');
      const data = shapeModalSubmit(opener.modal, answers);
      const { guildId, channelId, source, typed } = opener;
      return act({ kind: 'modal', guildId, channelId, user, source, typed }, () => data);
    },
  };
}

/** Checks the parts of a dispatch for which Discord publishes a schema; the dispatch itself has none. */
function checkPayload(violations: ViolationList, payload: JsonObject): void {
  const member = isObject(payload['member']) ? payload['member'] : {};
  const reports = [checkSchema(spec.PrivateGuildMemberResponseSchema, member)];
  if (payload['message']) reports.push(checkSchema(spec.MessageResponseSchema, payload['message']));
  violations.add('dispatch', 'INTERACTION_CREATE', reports.flatMap(describeProblems));
}
