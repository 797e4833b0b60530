import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { json } from 'node:stream/consumers';
import type { InteractionDesk } from '../interactions.ts';
import type { Stage } from '../stage.ts';
import type { DiscordState, StoredFile } from '../state.ts';
import { act, BadAct } from './acts.ts';
import { createLiveFeed } from './live.ts';
import { addPeople } from './people.ts';

const assets = new URL('./assets/', import.meta.url);
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Headers that let only the page's own files run or load, because messages contain what strangers wrote. */
const protection = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** A web page that shows the threads as a person sees them and lets that person act. */
export interface Page {
  answer(incoming: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

export function createPage(parts: {
  readonly state: DiscordState;
  readonly desk: InteractionDesk;
  readonly stage: Stage;
}): Page {
  const { state, desk } = parts;
  const feed = createLiveFeed(state, desk, addPeople(state));
  const files = new Map(readdirSync(assets).map((name) => [name, new URL(name, assets)]));

  function read(response: ServerResponse, path: string): void {
    const file = files.get(path === '/' ? 'index.html' : path.slice(1));
    const attachment = findAttachment(state, path);
    if (path === '/events') feed.attach(response);
    else if (attachment) response.writeHead(200, headersOf(attachment)).end(attachment.bytes);
    else if (file === undefined) response.writeHead(404, protection).end();
    else {
      const type = contentTypes[extname(file.pathname)] ?? 'application/octet-stream';
      response.writeHead(200, { ...protection, 'content-type': type }).end(readFileSync(file));
    }
  }

  return {
    async answer(incoming, response, url) {
      if (!isFromHere(incoming, state.publicUrl)) response.writeHead(403, protection).end();
      else if (incoming.method === 'GET') read(response, url.pathname);
      else if (incoming.method === 'POST') await perform(parts, incoming, response, url);
      else response.writeHead(405, protection).end();
    },
  };
}

/**
 * Returns whether a request comes from this page: not from another site in the same browser, and not through a foreign
 * name that points to this machine.
 */
function isFromHere({ headers }: IncomingMessage, publicUrl: string): boolean {
  const { host, origin } = headers;
  const { port } = new URL(publicUrl);
  const isOurName = host === `127.0.0.1:${port}` || host === `localhost:${port}`;
  return isOurName && (origin === undefined || origin === `http://${host}`);
}

const attachmentHeaders = {
  ...protection,
  'content-security-policy': 'sandbox',
  'content-type': 'text/plain; charset=utf-8',
};

/** Returns the headers of an attachment: only PNGs keep their content type, everything else is plain text. */
function headersOf({ contentType }: StoredFile): Readonly<Record<string, string>> {
  return contentType === 'image/png'
    ? { ...attachmentHeaders, 'content-type': contentType }
    : attachmentHeaders;
}

/** Finds the file of `/attachments/<channel>/<file>/<name>`. */
function findAttachment(state: DiscordState, path: string): StoredFile | undefined {
  const [, first, channel, id] = path.split('/');
  if (first !== 'attachments') return undefined;
  return state.messages
    .filter((message) => message.channelId === channel && !message.deleted)
    .flatMap((message) => message.attachments)
    .find((file) => file.id === id);
}

async function perform(
  parts: { readonly state: DiscordState; readonly stage: Stage },
  incoming: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const say = (status: number, body: unknown): void => {
    response.writeHead(status, { ...protection, 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  try {
    const [, prefix, kind = ''] = url.pathname.split('/');
    if (prefix === 'act') say(200, await act(parts, kind, await json(incoming)));
    else say(404, { problem: 'There is nothing here' });
  } catch (error) {
    const isBad = error instanceof BadAct || error instanceof SyntaxError;
    say(isBad ? 400 : 500, { problem: error instanceof Error ? error.message : String(error) });
  }
}
