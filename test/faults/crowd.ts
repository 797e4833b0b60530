import { createHmac, randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { constants, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * A crowd of hostile clients in its own process, so that it does not slow the test's measurements. Arguments: the URL,
 * a valid secret and the id of a dispatch. It prints `at strength` when it holds all its connections, and ends when its
 * input ends, printing the answers it got as one line of JSON.
 */
const [url = '', secret = '', id = ''] = process.argv.slice(2);
const { hostname: host, port } = new URL(url);

// Runs at low priority, because a real crowd has its own machines and does not take the CPU of its target.
setPriority(constants.priority.PRIORITY_LOW);

/** Addresses of this machine other than 127.0.0.1, which may be a proxy. */
const held = { addresses: 25, each: 100 };
const comeAgainMs = 5_000;
const wrongPerSecond = 1_000;
const wrongAtOnce = 500;
const large = Buffer.alloc(25 * 1024 * 1024, '[');
/** A body as large as a dispatch may be, correctly signed, and nothing but brackets. */
const depth = 127 * 1024;
const deep = Buffer.from(
  `{"repository":"studio/packages","commit_sha":${'['.repeat(depth)}${']'.repeat(depth)}}`,
);

export interface CrowdAnswers {
  /** Number of connections that were opened to be held, and of those that the process closed. */
  readonly held: { opened: number; closed: number };
  /** Answers by kind of request and status; `none` when the connection was closed. */
  readonly answers: Record<string, Record<string, number>>;
}

const told: CrowdAnswers = { held: { opened: 0, closed: 0 }, answers: {} };
const sockets = new Set<Socket>();
let isOver = false;

function count(kind: string, status: number | 'none'): void {
  const before = told.answers[kind] ?? {};
  told.answers[kind] = { ...before, [status]: (before[status] ?? 0) + 1 };
}

/** Holds one connection, sending a byte now and then or nothing at all, and reconnects when it is closed. */
function hold(localAddress: string, isTrickling: boolean): void {
  if (isOver) return;
  const socket = connect({ host, port: Number(port), localAddress });
  sockets.add(socket);
  let trickle: NodeJS.Timeout | undefined;
  socket.on('connect', () => {
    told.held.opened += 1;
    if (!isTrickling) return;
    socket.write('POST /dispatch HTTP/1.1\r\nhost: x\r\nx-slow: ');
    trickle = setInterval(() => socket.write('a'), 1_000);
  });
  socket.on('error', () => undefined).resume();
  socket.on('close', () => {
    clearInterval(trickle);
    sockets.delete(socket);
    told.held.closed += 1;
    setTimeout(() => hold(localAddress, isTrickling), comeAgainMs);
  });
}

interface Shot {
  readonly kind: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer;
}

const agents = new Map<string, Agent>();

async function shoot({ kind, method, path, headers = {}, body }: Shot, localAddress: string): Promise<void> {
  const agent = agents.get(localAddress) ?? new Agent({ keepAlive: true, maxSockets: 50 });
  agents.set(localAddress, agent);
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const status = await new Promise<number | 'none'>((resolve) => {
    const asked = request({
      host,
      port,
      method,
      path,
      agent,
      localAddress,
      headers: { ...json, ...headers },
    });
    asked.on('error', () => resolve('none'));
    asked.on('response', (answer) => {
      answer.resume().on('close', () => resolve(answer.statusCode ?? 'none'));
    });
    asked.end(body);
  });
  count(kind, status);
}

async function repeat(shot: Shot, localAddress: string, pauseMs = 0): Promise<void> {
  while (!isOver) {
    await shoot(shot, localAddress);
    if (pauseMs > 0) await pause(pauseMs);
  }
}

const wrong = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };

function shootWrong(): void {
  const everyMs = 20;
  const body = Buffer.from('{"repository":"studio/packages"}');
  const shot: Shot = { kind: 'wrong', method: 'POST', path: '/dispatch', headers: wrong, body };
  let [fired, underway] = [0, 0];
  const startedAt = performance.now();
  const timer = setInterval(() => {
    if (isOver) clearInterval(timer);
    const due = ((performance.now() - startedAt) * wrongPerSecond) / 1_000;
    for (; fired < due && underway < wrongAtOnce; fired++) {
      underway += 1;
      void shoot(shot, `127.0.2.${1 + (fired % 10)}`).finally(() => {
        underway -= 1;
      });
    }
  }, everyMs);
}

function signed(body: Buffer): Record<string, string> {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}

function start(): void {
  for (let at = 0; at < held.addresses * held.each; at++) {
    hold(`127.0.1.${1 + (at % held.addresses)}`, at % 2 === 0);
  }
  shootWrong();
  const headers = { 'x-large': randomBytes(20_000).toString('hex') };
  void repeat({ kind: 'headers', method: 'GET', path: '/healthz', headers }, '127.0.3.1', 50);
  void repeat(
    { kind: 'deep', method: 'POST', path: '/dispatch', headers: signed(deep), body: deep },
    '127.0.3.2',
    500,
  );
  for (let at = 0; at < 4; at++) {
    const shot: Shot = {
      kind: 'large',
      method: 'POST',
      path: '/webhooks/github',
      headers: wrong,
      body: large,
    };
    void repeat(shot, `127.0.4.${1 + at}`, 50);
    void repeat({ kind: 'metrics', method: 'GET', path: '/metrics' }, `127.0.5.${1 + at}`);
    void repeat({ kind: 'report', method: 'GET', path: `/dispatches/${id}` }, `127.0.6.${1 + at}`);
  }
}

process.stdin.resume().on('end', () => {
  isOver = true;
  for (const socket of sockets) socket.destroy();
  for (const agent of agents.values()) agent.destroy();
  process.stdout.write(`${JSON.stringify(told)}\n`, () => process.exit());
});
start();
const strength = setInterval(() => {
  const isThere = told.held.opened >= held.addresses * held.each && Object.keys(told.answers).length >= 6;
  if (!isThere) return;
  clearInterval(strength);
  process.stdout.write('at strength\n');
}, 100);
