import { DiscordAPIError, HTTPError, RateLimitError, REST } from '@discordjs/rest';
import { z } from 'zod';
import { ThreadTrouble } from '../../ports/announcements.ts';
import type { Button, Channel, Embed, Message, Pictures } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import { buildAnewAfterStep } from '../system/after-step.ts';
import { UnusableAnswer } from '../system/read-body.ts';
import { buildRestOptions, callTimeoutMs, longestWaitMs, SentAway } from './discord-rest.ts';

export interface DiscordChannelOptions {
  /** DISCORD_API_URL, without a trailing slash. */
  readonly apiUrl: string;
  readonly token: () => string | undefined;
  readonly channelId: string;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Messages are sent without their pictures when omitted. */
  readonly pictures?: Pictures;
  /** Timeout of one request including its whole answer; 15 s by default. */
  readonly timeoutMs?: number;
}

const messagesSearched = 100;

/** Discord's JSON error codes (developer documentation, “JSON Error Codes”) that only a person can resolve. */
const blocking: Readonly<Record<number, string>> = {
  10003: 'the thread does not exist any more: set DISCORD_THREAD_ID to another one',
  50001: 'the bot cannot see the thread: give it View Channel',
  50083:
    'the thread is archived and the bot may not reopen it: reopen it, or set DISCORD_THREAD_ID to another one',
  50013: 'the bot lacks a permission: give it Send Messages in Threads, Embed Links and Attach Files',
  160005: 'the thread is locked: unlock it, or set DISCORD_THREAD_ID to another one',
};
const unknownMessage = 10_008;
/** Codes for: archived thread; message of another author; message too old to be edited that often. */
const notEditable = [50_083, 50_005, 30_046];

/** Access to one Discord thread over REST. */
export function buildDiscordChannel(options: DiscordChannelOptions): Channel {
  const call = buildCall(options);
  const messages = `/channels/${options.channelId}/messages` as const;
  return {
    post: async (message, { nonce, replyTo }) => {
      const reply =
        replyTo === undefined
          ? {}
          : { message_reference: { message_id: replyTo, fail_if_not_exists: false } };
      const more = { nonce, enforce_nonce: true, ...reply };
      const sent = await call(messageShape, async (rest, signal) =>
        rest.post(messages, await toRequest(message, more, options.pictures, signal)),
      );
      return sent.id;
    },
    edit: async (id, message) => {
      try {
        // The answer must be about this message: an answer about another one proves nothing.
        await call(messageShape.extend({ id: z.literal(id) }), async (rest, signal) =>
          rest.patch(`${messages}/${id}`, await toRequest(message, {}, options.pictures, signal)),
        );
        return true;
      } catch (error) {
        const code = codeOf(error);
        if (code === unknownMessage || notEditable.includes(code)) return false;
        throw error;
      }
    },
    findOwn: async (footer) => {
      const query = new URLSearchParams({ limit: String(messagesSearched) });
      const recent = await call(recentShape, async (rest, signal) => rest.get(messages, { query, signal }));
      const found = recent.find(
        ({ author, embeds }) => embeds?.[0]?.footer?.text === footer && author?.bot === true,
      );
      return found?.id;
    },
  };
}

type Call = <T>(
  shape: z.ZodType<T>,
  work: (rest: REST, signal: AbortSignal) => Promise<unknown>,
) => Promise<T>;

/** Makes one call to Discord and parses the answer with `shape`. The call throws ThreadTrouble. */
function buildCall(options: DiscordChannelOptions): Call {
  // The client keeps rate limits as times of the host's clock, so a clock set back by a day would make it wait for a
  // day.
  const findRest = buildAnewAfterStep(
    options.clock,
    () => new REST(buildRestOptions(options.apiUrl, options.timeoutMs)),
  );
  return async (shape, work) => {
    const token = options.token();
    if (token === undefined) throw new ThreadTrouble('blocked', 'DISCORD_TOKEN is not set');
    try {
      const answer = await work(findRest().setToken(token), AbortSignal.timeout(callTimeoutMs));
      const read = shape.safeParse(answer);
      if (!read.success) throw new UnusableAnswer('something else than it was asked');
      return read.data;
    } catch (error) {
      throw toTrouble(error);
    }
  };
}

/** The fields of a message that are used. `embeds` is tolerant, because messages of others may have unknown forms. */
const messageShape = z.object({
  id: z.string().regex(/^\d{1,25}$/),
  author: z.object({ bot: z.boolean().optional() }).optional(),
  embeds: z
    .array(z.object({ footer: z.object({ text: z.string() }).optional() }))
    .optional()
    .catch(undefined),
});
const recentShape = z.array(messageShape);

const styles = { primary: 1, secondary: 2, danger: 4 } as const;

/** Converts a message to Discord's request body, without its files. */
export function toBody(message: Message): Record<string, unknown> {
  const buttons = message.buttons.map(toButton);
  return {
    content: message.content,
    embeds: message.embeds.map(toEmbed),
    components: buttons.length === 0 ? [] : [{ type: 1, components: buttons }],
    allowed_mentions: { parse: [], ...message.pings },
  };
}

function toButton(button: Button): Record<string, unknown> {
  if (button.kind === 'link') return { type: 2, style: 5, url: button.url, label: button.label };
  const { id, label, style, disabled } = button;
  return { type: 2, style: styles[style], custom_id: id, label, disabled };
}

function toEmbed(embed: Embed): Record<string, unknown> {
  return {
    title: embed.title,
    color: embed.color,
    ...(embed.description === '' ? {} : { description: embed.description }),
    fields: embed.fields,
    footer: { text: embed.footer },
    timestamp: new Date(embed.at).toISOString(),
  };
}

interface UploadedFile {
  readonly name: string;
  readonly data: Buffer;
  readonly contentType: string;
}

/** Converts a message and its files to a request. In an edit, `attachments` replaces all previous attachments. */
async function toRequest(
  message: Message,
  more: Readonly<Record<string, unknown>>,
  pictures: Pictures | undefined,
  signal: AbortSignal,
): Promise<{ readonly body: unknown; readonly files: UploadedFile[]; readonly signal: AbortSignal }> {
  const texts = message.files.map(({ name, text }) => ({
    name,
    data: Buffer.from(text),
    contentType: 'text/plain; charset=utf-8',
  }));
  const attachments = texts.map((_, id): Record<string, unknown> => ({ id: String(id) }));
  const body = { ...toBody(message), ...more, attachments };
  const { picture } = message;
  const png = picture === undefined ? undefined : await pictures?.draw(picture.svg, signal);
  if (picture === undefined || png === undefined) return { body, files: texts, signal };
  const { name, alt: description } = picture;
  const [first, ...others] = message.embeds.map(toEmbed);
  return {
    body: {
      ...body,
      embeds: [{ ...first, image: { url: `attachment://${name}` } }, ...others],
      attachments: [...attachments, { id: String(texts.length), filename: name, description }],
    },
    files: [...texts, { name, data: Buffer.from(png), contentType: 'image/png' }],
    signal,
  };
}

function codeOf(error: unknown): number {
  const cause = error instanceof ThreadTrouble ? error.cause : error;
  return cause instanceof DiscordAPIError ? Number(cause.code) : 0;
}

function toTrouble(error: unknown): ThreadTrouble {
  const options = { cause: error };
  if (error instanceof DiscordAPIError) {
    const known = blocking[Number(error.code)];
    if (known !== undefined) return new ThreadTrouble('blocked', known, undefined, options);
    if (error.status === 401) {
      return new ThreadTrouble(
        'blocked',
        'Discord refuses our token: renew DISCORD_TOKEN',
        undefined,
        options,
      );
    }
    const isOurs = error.status === 400 || error.status === 413;
    return new ThreadTrouble(
      isOurs ? 'refused' : 'later',
      `Discord answers ${error.status}`,
      undefined,
      options,
    );
  }
  if (error instanceof RateLimitError) {
    return new ThreadTrouble('later', 'rate limited', Math.min(error.retryAfter, longestWaitMs), options);
  }
  if (error instanceof SentAway)
    return new ThreadTrouble('later', 'rate limited', error.retryAfterMs, options);
  if (error instanceof UnusableAnswer)
    return new ThreadTrouble('later', `Discord’s answer is of no use: ${error.message}`, undefined, options);
  if (error instanceof HTTPError) {
    return new ThreadTrouble('later', `Discord answers ${error.status}`, undefined, options);
  }
  return new ThreadTrouble('later', 'Discord cannot be reached', undefined, options);
}
