import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Opens a connection on which a test writes anything, HTTP or not; closed after the test. */
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

/** Sends a request and returns everything until the server closes the connection. */
export async function converse(port: number, request: string, localAddress?: string): Promise<string> {
  const socket = await openSocket(port, localAddress);
  socket.write(request);
  return text(socket);
}

/** Returns the head of a dispatch that announces a body of this length. */
export const head = (contentLength: number, signature = ''): string =>
  [
    'POST /dispatch HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    `x-hub-signature-256: ${signature}`,
    `content-length: ${contentLength}`,
    '\r\n',
  ].join('\r\n');
