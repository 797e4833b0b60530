import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A connection that says what a test writes, be it HTTP or not; gone after the test. */
export async function openSocket(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}

/** What the server says until it closes the connection. */
export async function converse(port: number, request: string, localAddress?: string): Promise<string> {
  const socket = await openSocket(port, localAddress);
  socket.write(request);
  return text(socket);
}

/** The head of a dispatch whose body is announced to be this long. */
export const head = (contentLength: number, signature = ''): string =>
  [
    'POST /dispatch HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    `x-hub-signature-256: ${signature}`,
    `content-length: ${contentLength}`,
    '\r\n',
  ].join('\r\n');
