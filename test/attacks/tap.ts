import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request as it was sent: the line, the headers and the body. */
export interface Overheard {
  /** Headers and values that carry our credentials. */
  readonly credentials: string;
  /** Everything else of the request. */
  readonly rest: string;
}

/** Records what is sent to a neighbour and changes nothing. */
export interface Tap {
  /** Replaces the neighbour's address, with its path and without a trailing slash. */
  readonly url: string;
  overheard(): readonly Overheard[];
  stop(): Promise<void>;
}

const credentialHeaders: readonly string[] = ['authorization', 'x-goog-api-key'];

/** Starts a tap; `target` is the neighbour's own address, http only. */
export async function startTap(target: string): Promise<Tap> {
  const { origin, host, pathname } = new URL(target);
  const heard: Overheard[] = [];
  const server = createServer((incoming, answer) => {
    const { method, url = '/', headers } = incoming;
    void buffer(incoming).then((body) => {
      const isCredential = ([name]: readonly [string, unknown]): boolean => credentialHeaders.includes(name);
      const all = Object.entries(headers);
      heard.push({
        credentials: JSON.stringify(all.filter(isCredential)),
        rest: `${method} ${url}\n${JSON.stringify(all.filter((item) => !isCredential(item)))}\n${body.toString('latin1')}`,
      });
      const onward = request(new URL(url, origin), { method, headers: { ...headers, host } }, (back) => {
        answer.writeHead(back.statusCode ?? 502, back.headers);
        back.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname.replace(/\/$/, '')}`,
    overheard: () => heard,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
