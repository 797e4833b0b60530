import type { ServerResponse } from 'node:http';
import type { InteractionDesk } from '../interactions.ts';
import type { DiscordState } from '../state.ts';
import type { Person } from './people.ts';
import { type Change, pageCommands, pageMessage, pageNames, pageThreads, shapeSnapshot } from './wire.ts';

/** Feeds the open pages: each gets everything once, and then the changes, as server-sent events. */
export function createLiveFeed(
  state: DiscordState,
  desk: InteractionDesk,
  people: readonly Person[],
): { readonly attach: (response: ServerResponse) => void } {
  const open = new Set<ServerResponse>();
  const tell = (change: Change): void => {
    for (const response of open) send(response, 'change', change);
  };
  state.changes.on('message', (message) => tell({ messages: [pageMessage(state, desk, message)] }));
  state.changes.on('thread', () => tell({ threads: pageThreads(state) }));
  state.changes.on('commands', () => tell({ commands: pageCommands(state) }));
  state.changes.on('user', () => tell({ names: pageNames(state) }));
  return {
    attach(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      // Makes browsers reconnect soon after the service was down.
      response.write('retry: 500\n\n');
      send(response, 'snapshot', shapeSnapshot(state, desk, people));
      open.add(response);
      response.on('close', () => open.delete(response));
    },
  };
}

function send(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
