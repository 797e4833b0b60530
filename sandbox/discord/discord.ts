import { randomBytes } from 'node:crypto';
import type { DiscordDouble, DiscordOptions, UserOptions } from './double.ts';
import { announceChanges, createGateway, type Gateway } from './gateway.ts';
import type { DiscordUser } from './guild-shape.ts';
import { type HttpDoor, openHttpDoor } from './http-door.ts';
import { createInteractionDesk, type InteractionDesk } from './interactions.ts';
import { createPage } from './page/page.ts';
import { createRestApi, type RestApi } from './rest/api.ts';
import { createRateLimits, type RateLimits } from './rest/rate-limits.ts';
import { createStage, type Stage } from './stage.ts';
import { addUser, createState, type DiscordState, setThreadState } from './state.ts';
import { viewMessage } from './view.ts';
import { createViolationList, type ViolationList } from './violations.ts';

export type { DiscordDouble, DiscordOptions } from './double.ts';
export type { DiscordUser } from './guild-shape.ts';
export type { Choice, Outcome } from './interactions.ts';
export type { ModalAnswers, ModalView } from './modal.ts';
export type { ChooseFault, Fault, SeenRequest } from './rest/faults.ts';
export type { MessageView } from './view.ts';
export type { Violation } from './violations.ts';

interface Parts {
  readonly state: DiscordState;
  readonly violations: ViolationList;
  readonly desk: InteractionDesk;
  readonly gateway: Gateway;
  readonly limits: RateLimits;
  readonly api: RestApi;
  readonly stage: Stage;
  readonly door: HttpDoor;
  readonly clock: { offsetMs: number };
}

/** Starts a double of Discord's REST API and gateway v10 on 127.0.0.1. Keeps its state in memory. */
export async function startDiscord(options: DiscordOptions = {}): Promise<DiscordDouble> {
  const clock = { offsetMs: 0 };
  const botToken = options.botToken ?? `sandbox.${randomBytes(24).toString('base64url')}`;
  const state = createState({ now: () => Date.now() + clock.offsetMs, botToken });
  const violations = createViolationList();
  const desk = createInteractionDesk(state, options.answerWithinMs ?? 30_000);
  const limits = createRateLimits(state.now, violations);
  const api = createRestApi({ state, violations, desk }, limits);
  const gateway = createGateway(state, violations, options.heartbeatIntervalMs ?? 41_250);
  announceChanges(state, gateway);
  const stage = createStage(state, desk, gateway, violations);
  const page = createPage({ state, desk, stage });
  const door = await openHttpDoor({
    port: options.port ?? 0,
    onRequest(incoming, response) {
      const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
      if (url.pathname.startsWith('/api/')) void api.answer(incoming, response, url);
      else page.answer(incoming, response, url).catch(() => response.destroy());
    },
    onUpgrade: (request, socket, head) => gateway.handleUpgrade(request, socket, head),
  });
  state.publicUrl = `http://127.0.0.1:${door.port}`;
  return assemble({ state, violations, desk, gateway, limits, api, stage, door, clock });
}

function assemble(parts: Parts): DiscordDouble {
  const { state } = parts;
  const [thread, monitoring] = [...state.threads.keys()];
  return {
    apiUrl: `${state.publicUrl}/api`,
    pageUrl: `${state.publicUrl}/`,
    botToken: state.botToken,
    applicationId: state.applicationId,
    guildId: state.guildId,
    channelId: state.channelId,
    threadId: thread ?? '',
    monitoringThreadId: monitoring ?? '',
    operatorRoleId: state.operatorRoleId,
    ...reading(parts, thread ?? ''),
    ...acting(parts),
    ...breaking(parts),
    ...changing(parts),
    async stop() {
      parts.desk.stop();
      parts.gateway.terminateAll();
      await parts.door.shut();
    },
  };
}

function reading({ state, api, gateway, violations }: Parts, threadId: string) {
  const inChannel = (channelId: string) =>
    state.messages
      .filter((message) => message.channelId === channelId && !message.visibleTo)
      .map(viewMessage);
  return {
    messages: (channelId = threadId) => inChannel(channelId),
    onMessage(listener) {
      const forward = (message: Parameters<typeof viewMessage>[0]) => listener(viewMessage(message));
      state.changes.on('message', forward);
      return () => state.changes.off('message', forward);
    },
    waitForMessage(fits, channelId = threadId) {
      const there = inChannel(channelId).find(fits);
      if (there) return Promise.resolve(there);
      return new Promise((resolve) => {
        state.changes.on('message', function check(message) {
          const view = viewMessage(message);
          if (message.channelId !== channelId || message.visibleTo || !fits(view)) return;
          state.changes.off('message', check);
          resolve(view);
        });
      });
    },
    requests: () => [...api.seen],
    clearRequests() {
      api.seen = [];
    },
    identifies: gateway.identifies,
    connections: gateway.connections,
    commands: () => state.commands,
    violations: () => violations.all(),
    clearViolations: () => violations.clear(),
  } satisfies Partial<DiscordDouble>;
}

function acting({ state, stage }: Parts) {
  return {
    user: (options: UserOptions): DiscordUser =>
      addUser(state, {
        id: options.id ?? state.nextId(),
        name: options.name,
        roles: options.roles ?? [],
        permissions: options.permissions ?? 'none',
      }),
    press: async (...typed) => stage.press(...typed).outcome,
    command: async (typed) => stage.command(typed).outcome,
    autocomplete: async (typed) => stage.autocomplete(typed).outcome,
    submitModal: async (...typed) => stage.submitModal(...typed).outcome,
  } satisfies Partial<DiscordDouble>;
}

function breaking({ state, api, limits, gateway, door }: Parts) {
  return {
    setFault(choose) {
      api.chooseFault = choose ?? (() => undefined);
    },
    rateLimit: (path, retryAfterSeconds, options) =>
      limits.announce(path, retryAfterSeconds, options?.global ?? false),
    enforceRateLimits(on) {
      limits.enforced = on;
    },
    async goDown() {
      gateway.terminateAll();
      await door.shut();
    },
    comeBack: () => door.open(),
    dropGateway: ({ resumable, how = 'close' }) => gateway.drop({ resumable, how }),
    silenceGateway: (on) => gateway.silence(on),
    silencedConnections: gateway.silenced,
    revokeToken() {
      state.tokenRevoked = true;
      gateway.closeAll(4004);
    },
    disallowIntents() {
      state.intentsDisallowed = true;
      gateway.closeAll(4014);
    },
    restoreToken(token) {
      Object.assign(state, { botToken: token, tokenRevoked: false, intentsDisallowed: false });
    },
    setSessionStarts(starts) {
      Object.assign(state.sessionStarts, starts);
    },
  } satisfies Partial<DiscordDouble>;
}

function changing({ state, clock }: Parts) {
  return {
    setThreadState: (id, change) => setThreadState(state, id, change),
    archiveThread: (id) => setThreadState(state, id, { archived: true }),
    lockThread: (id) => setThreadState(state, id, { locked: true }),
    deleteThread: (id) => setThreadState(state, id, { deleted: true }),
    setBotPermissions(bits) {
      state.botPermissions = bits;
      state.changes.emit('role');
    },
    deleteMessage(id) {
      const message = state.messages.find((other) => other.id === id);
      if (!message) throw new Error(`No message ${id}`);
      message.deleted = true;
      state.changes.emit('message', message);
    },
    advanceTime(ms) {
      clock.offsetMs += ms;
    },
  } satisfies Partial<DiscordDouble>;
}
