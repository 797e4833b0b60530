import { z } from 'zod';
import type { DiscordUser } from '../guild-shape.ts';
import type { OptionValue } from '../inject.ts';
import type { Choice, OpenInteraction } from '../interactions.ts';
import { type JsonObject, objectsOf } from '../json.ts';
import type { Stage } from '../stage.ts';
import type { DiscordState, StoredMessage } from '../state.ts';
import type { Component, PageModal } from './discord-words.ts';

/** The result of an act in the page. */
export interface ActAnswer {
  /** False when the bot did not answer within 3 s. */
  readonly isAcknowledged: boolean;
  readonly modal?: PageModal;
  readonly choices?: readonly Choice[];
}

/** An act on something that does not exist (any more) or does not allow it. */
export class BadAct extends Error {}

const person = z.string();
const options = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const command = z.object({
  person,
  channelId: z.string(),
  name: z.string(),
  subcommand: z.string().optional(),
  options,
});
const bodies = {
  press: z.object({
    person,
    messageId: z.string(),
    customId: z.string(),
    values: z.array(z.string()).optional(),
  }),
  command,
  autocomplete: command.extend({ focused: z.string() }),
  modal: z.object({
    person,
    interactionId: z.string(),
    answers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  }),
};

/** Performs one act as one of the people. Throws BadAct when it is not possible. */
export async function act(
  { state, stage }: { readonly state: DiscordState; readonly stage: Stage },
  kind: string,
  body: unknown,
): Promise<ActAnswer> {
  switch (kind) {
    case 'press': {
      const { messageId, customId, values, ...by } = parse(bodies.press, body);
      const user = whoIs(state, by.person);
      refuseAbsent(state, messageId, customId, user);
      return answer(stage.press(messageId, customId, user, values === undefined ? {} : { values }));
    }
    case 'command':
      return answer(stage.command(typed(state, parse(bodies.command, body))));
    case 'autocomplete': {
      const { focused, ...rest } = parse(bodies.autocomplete, body);
      const open = stage.autocomplete({ ...typed(state, rest), focused });
      const { choices } = await open.outcome;
      return { isAcknowledged: open.record.type !== 'none', choices };
    }
    case 'modal': {
      const { interactionId, answers, ...by } = parse(bodies.modal, body);
      const modal = { interactionId, customId: '', title: '', components: [] };
      const user = whoIs(state, by.person);
      return answer(refuseThrown(() => stage.submitModal(modal, answers, user)));
    }
    default:
      throw new BadAct(`There is nothing called ${kind} to do`);
  }
}

async function answer({ acknowledged, record }: OpenInteraction): Promise<ActAnswer> {
  const isAcknowledged = await acknowledged;
  if (record.modal === undefined) return { isAcknowledged };
  const components = record.modal.components as readonly unknown[] as readonly Component[];
  return { isAcknowledged, modal: { ...record.modal, components } };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) throw new BadAct(z.prettifyError(result.error));
  return result.data;
}

function whoIs(state: DiscordState, id: string): DiscordUser {
  const user = state.users.get(id);
  if (user === undefined) throw new BadAct('There is nobody with this id');
  return user;
}

function typed(state: DiscordState, given: z.infer<typeof command>) {
  const { person: id, subcommand, channelId, name } = given;
  const known = state.commands.find((other) => other['name'] === name);
  if (known === undefined) throw new BadAct(`No command ${name} is registered`);
  return {
    user: whoIs(state, id),
    channelId,
    name,
    options: given.options as Readonly<Record<string, OptionValue>>,
    ...(subcommand === undefined ? {} : { subcommand }),
  };
}

/**
 * Throws BadAct for a component that the person does not see or that is disabled: Discord's client would not offer it.
 */
function refuseAbsent(state: DiscordState, messageId: string, customId: string, user: DiscordUser): void {
  const message = state.messages.find((other) => other.id === messageId && isVisible(other, user));
  const component = message?.components
    .flatMap((row): readonly JsonObject[] => objectsOf(row['components']))
    .find((other) => other['custom_id'] === customId);
  if (component === undefined || component['disabled'] === true) {
    throw new BadAct('This can no longer be pressed');
  }
}

function isVisible(message: StoredMessage, user: DiscordUser): boolean {
  return !message.deleted && (message.visibleTo === undefined || message.visibleTo === user.id);
}

function refuseThrown<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new BadAct(error instanceof Error ? error.message : String(error));
  }
}
