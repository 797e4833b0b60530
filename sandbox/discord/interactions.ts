import { randomBytes } from 'node:crypto';
import type { DiscordUser } from './guild-shape.ts';
import type { JsonObject } from './json.ts';
import { EPHEMERAL } from './message-shape.ts';
import type { DiscordState, StoredMessage } from './state.ts';
import { type AttachmentView, type EmbedView, type MessageView, viewMessage } from './view.ts';

const ACKNOWLEDGE_WITHIN_MS = 3000;
const TOKEN_LIVES_MS = 15 * 60_000;

export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** What became of an interaction. Reads through: a later edit or follow-up shows here too. */
export interface Outcome {
  /** Undefined when nothing acknowledged it within 3 s. */
  readonly acknowledgedInMs: number | undefined;
  readonly type: 'deferred' | 'reply' | 'update' | 'choices' | 'none';
  readonly ephemeral: boolean;
  readonly content: string;
  readonly embeds: readonly EmbedView[];
  readonly components: readonly JsonObject[];
  readonly attachments: readonly AttachmentView[];
  readonly choices: readonly Choice[];
  readonly followUps: readonly MessageView[];
  /** The answer as a message, to press its buttons. */
  readonly message: MessageView | undefined;
}

export interface InteractionRecord {
  readonly id: string;
  readonly token: string;
  readonly kind: 'press' | 'command' | 'autocomplete';
  readonly guildId: string;
  readonly channelId: string;
  readonly user: DiscordUser;
  /** The message whose button was pressed. */
  readonly source: StoredMessage | undefined;
  readonly createdAtMs: number;
  /** Until the deferred answer is there. */
  loading: boolean;
  type: Outcome['type'];
  acknowledgedInMs: number | undefined;
  /** What `@original` means. */
  original: StoredMessage | undefined;
  readonly followUps: StoredMessage[];
  choices: readonly Choice[];
  readonly startedAt: number;
}

export type NewInteraction = Pick<InteractionRecord, 'kind' | 'guildId' | 'channelId' | 'user' | 'source'>;

export interface InteractionDesk {
  /** The promise resolves with the bot's final answer, or with `none` after 3 s. */
  open(interaction: NewInteraction): {
    readonly record: InteractionRecord;
    readonly outcome: Promise<Outcome>;
  };
  /** By id and token; undefined when there is none or its first 3 s are over unanswered. */
  findFresh(id: string, token: string): InteractionRecord | undefined;
  /** By token; undefined when there is none; `expired` when its 15 minutes are over. */
  findOpen(token: string): InteractionRecord | 'expired' | undefined;
  acknowledge(record: InteractionRecord, type: Outcome['type']): void;
  /** The final answer is there. */
  finish(record: InteractionRecord): void;
  stop(): void;
}

/** Keeps every interaction with its deadlines. `answerWithinMs` bounds the wait for a deferred answer (real time). */
export function createInteractionDesk(state: DiscordState, answerWithinMs: number): InteractionDesk {
  const byToken = new Map<string, InteractionRecord>();
  const finishers = new Map<string, () => void>();
  const timers = new Set<NodeJS.Timeout>();

  function after(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, ms);
    timers.add(timer);
  }

  function finish(record: InteractionRecord): void {
    finishers.get(record.token)?.();
    finishers.delete(record.token);
  }

  return {
    open(interaction) {
      const record = newRecord(state, interaction);
      byToken.set(record.token, record);
      const outcome = new Promise<Outcome>((resolve) => {
        finishers.set(record.token, () => resolve(outcomeOf(record)));
      });
      after(ACKNOWLEDGE_WITHIN_MS, () => record.type === 'none' && finish(record));
      after(answerWithinMs, () => finish(record));
      return { record, outcome };
    },
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
    },
    finish,
    stop() {
      for (const timer of timers) clearTimeout(timer);
      for (const resolve of finishers.values()) resolve();
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
  };
}
