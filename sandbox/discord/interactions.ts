import { randomBytes } from 'node:crypto';
import type { DiscordUser } from './guild-shape.ts';
import type { JsonObject } from './json.ts';
import { EPHEMERAL } from './message-shape.ts';
import type { ModalView } from './modal.ts';
import type { DiscordState, StoredMessage } from './state.ts';
import { type AttachmentView, type EmbedView, type MessageView, viewMessage } from './view.ts';

const ACKNOWLEDGE_WITHIN_MS = 3000;
const TOKEN_LIVES_MS = 15 * 60_000;

export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** The outcome of an interaction. It is live: a later edit or follow-up shows here too. */
export interface Outcome {
  /** Undefined when the bot did not acknowledge it within 3 s. */
  readonly acknowledgedInMs: number | undefined;
  readonly type: 'deferred' | 'reply' | 'update' | 'choices' | 'modal' | 'none';
  readonly ephemeral: boolean;
  readonly content: string;
  readonly embeds: readonly EmbedView[];
  readonly components: readonly JsonObject[];
  readonly attachments: readonly AttachmentView[];
  readonly choices: readonly Choice[];
  readonly followUps: readonly MessageView[];
  /** The answer as a message, so that its buttons can be pressed. */
  readonly message: MessageView | undefined;
  /** The modal that the bot answered with, for `submitModal`. */
  readonly modal: ModalView | undefined;
}

export interface InteractionRecord {
  readonly id: string;
  readonly token: string;
  readonly kind: 'press' | 'command' | 'autocomplete' | 'modal';
  readonly guildId: string;
  readonly channelId: string;
  readonly user: DiscordUser;
  /** The message whose button was pressed, even when a modal came in between. */
  readonly source: StoredMessage | undefined;
  /** `/name subcommand`, for a typed command. */
  readonly typed: string | undefined;
  readonly createdAtMs: number;
  /** True until the deferred answer arrives. */
  loading: boolean;
  type: Outcome['type'];
  acknowledgedInMs: number | undefined;
  /** The message that `@original` refers to. */
  original: StoredMessage | undefined;
  readonly followUps: StoredMessage[];
  choices: readonly Choice[];
  modal: ModalView | undefined;
  readonly startedAt: number;
}

export type NewInteraction = Pick<
  InteractionRecord,
  'kind' | 'guildId' | 'channelId' | 'user' | 'source' | 'typed'
>;

export interface OpenInteraction {
  readonly record: InteractionRecord;
  /** Resolves with whether the bot acknowledged it within 3 s. */
  readonly acknowledged: Promise<boolean>;
  /** Resolves with the bot's final answer, or with `none` after 3 s. */
  readonly outcome: Promise<Outcome>;
}

export interface InteractionDesk {
  open(interaction: NewInteraction): OpenInteraction;
  /** Finds an interaction by id, however old. */
  find(id: string): InteractionRecord | undefined;
  /** Finds an interaction by id and token; undefined when there is none or when its first 3 s passed unanswered. */
  findFresh(id: string, token: string): InteractionRecord | undefined;
  /** Finds an interaction by token; undefined when there is none, `expired` when its 15 minutes are over. */
  findOpen(token: string): InteractionRecord | 'expired' | undefined;
  acknowledge(record: InteractionRecord, type: Outcome['type']): void;
  /** Marks the final answer as arrived. */
  finish(record: InteractionRecord): void;
  stop(): void;
}

/**
 * Keeps every interaction with its deadlines. `answerWithinMs` bounds the wait for a deferred answer, in real time.
 */
export function createInteractionDesk(state: DiscordState, answerWithinMs: number): InteractionDesk {
  const byToken = new Map<string, InteractionRecord>();
  const acknowledgements = createPending<boolean>();
  const outcomes = createPending<Outcome>();
  const timers = new Set<NodeJS.Timeout>();

  function after(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, ms);
    timers.add(timer);
  }

  function finish(record: InteractionRecord): void {
    acknowledgements.settle(record.token, record.type !== 'none');
    outcomes.settle(record.token, outcomeOf(record));
  }

  return {
    open(interaction) {
      const record = newRecord(state, interaction);
      byToken.set(record.token, record);
      const acknowledged = acknowledgements.wait(record.token);
      const outcome = outcomes.wait(record.token);
      after(ACKNOWLEDGE_WITHIN_MS, () => record.type === 'none' && finish(record));
      after(answerWithinMs, () => finish(record));
      return { record, acknowledged, outcome };
    },
    find: (id) => [...byToken.values()].find((record) => record.id === id),
    findFresh(id, token) {
      const record = byToken.get(token);
      if (!record || record.id !== id) return undefined;
      const late = state.now() - record.createdAtMs > ACKNOWLEDGE_WITHIN_MS;
      return late && record.type === 'none' ? undefined : record;
    },
    findOpen(token) {
      const record = byToken.get(token);
      if (!record || record.type === 'none') return undefined;
      return state.now() - record.createdAtMs > TOKEN_LIVES_MS ? 'expired' : record;
    },
    acknowledge(record, type) {
      record.type = type;
      record.acknowledgedInMs = performance.now() - record.startedAt;
      acknowledgements.settle(record.token, true);
    },
    finish,
    stop() {
      for (const timer of timers) clearTimeout(timer);
      for (const record of byToken.values()) finish(record);
    },
  };
}

/** Keeps promises by key, each settled once; settling a key that nobody waits for does nothing. */
function createPending<T>() {
  const resolvers = new Map<string, (value: T) => void>();
  return {
    wait: (key: string) => new Promise<T>((resolve) => resolvers.set(key, resolve)),
    settle(key: string, value: T): void {
      resolvers.get(key)?.(value);
      resolvers.delete(key);
    },
  };
}

function newRecord(state: DiscordState, interaction: NewInteraction): InteractionRecord {
  return {
    ...interaction,
    id: state.nextId(),
    token: randomBytes(48).toString('base64url'),
    createdAtMs: state.now(),
    startedAt: performance.now(),
    loading: false,
    type: 'none',
    acknowledgedInMs: undefined,
    original: undefined,
    followUps: [],
    choices: [],
    modal: undefined,
  };
}

function outcomeOf(record: InteractionRecord): Outcome {
  const shown = () => (record.original ? viewMessage(record.original) : undefined);
  return {
    acknowledgedInMs: record.acknowledgedInMs,
    type: record.type,
    get ephemeral() {
      return ((record.original?.flags ?? 0) & EPHEMERAL) !== 0;
    },
    get content() {
      return shown()?.content ?? '';
    },
    get embeds() {
      return shown()?.embeds ?? [];
    },
    get components() {
      return shown()?.components ?? [];
    },
    get attachments() {
      return shown()?.attachments ?? [];
    },
    choices: record.choices,
    get followUps() {
      return record.followUps.map(viewMessage);
    },
    get message() {
      return shown();
    },
    modal: record.modal,
  };
}
