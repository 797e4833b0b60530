import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

export type GeminiFault =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'html' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'unsafe' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'empty' }
  /** Answers like a model that has no thinking levels. */
  | { readonly kind: 'thinks-not' }
  | { readonly kind: 'text'; readonly text: string };

export interface AskedPackage {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly changes: readonly { readonly number: number; readonly text: string }[];
}

export interface AnsweredItem {
  readonly section: string;
  readonly text: string;
  readonly changes: readonly number[];
}

/** A request as it arrived. */
export interface GeminiRequest {
  readonly model: string;
  readonly key: string | undefined;
  readonly body: string;
  /** True when it has the shape that the API documents. */
  readonly isValid: boolean;
  readonly packages: readonly AskedPackage[];
}

export interface Gemini {
  /** For GEMINI_API_URL. */
  readonly url: string;
  readonly key: string;
  readonly model: string;
  requests(): readonly GeminiRequest[];
  setFault(fault: GeminiFault | undefined): void;
  /** Sets how it words a package from now on. */
  setAnswer(answer: (asked: AskedPackage) => readonly AnsweredItem[]): void;
  /** Calls the listener with each request before it is answered. */
  onRequest(listener: () => void): void;
  stop(): Promise<void>;
}

const part = z.object({ text: z.string() }).strict();

/** The part of the REST shape that we send; anything else is answered with 400, as Gemini does for unknown fields. */
const requestSchema = z
  .object({
    contents: z.array(z.object({ role: z.literal('user'), parts: z.array(part).min(1) }).strict()).length(1),
    systemInstruction: z.object({ role: z.string().optional(), parts: z.array(part).length(1) }).strict(),
    generationConfig: z
      .object({
        temperature: z.number().min(0).max(2).optional(),
        thinkingConfig: z
          .object({ thinkingLevel: z.enum(['MINIMAL', 'LOW', 'MEDIUM', 'HIGH']) })
          .strict()
          .optional(),
        maxOutputTokens: z.int().min(1),
        responseMimeType: z.literal('application/json'),
        responseJsonSchema: z.record(z.string(), z.unknown()),
      })
      .strict(),
  })
  .strict();

const askedSchema = z.object({
  packages: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      version: z.string(),
      changes: z.array(z.object({ number: z.int(), text: z.string() })),
    }),
  ),
});

/** Starts a double of Gemini's `models/<model>:generateContent` that answers as it is told to. */
export async function startGemini(): Promise<Gemini> {
  const key = 'sandbox-gemini-key';
  const model = 'gemini-sandbox';
  const seen: GeminiRequest[] = [];
  let fault: GeminiFault | undefined;
  let answer = echo;
  let listener = (): void => undefined;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') return describe(request, response);
    const asked = await readRequest(request);
    seen.push(asked);
    listener();
    if (fault !== undefined && applyTransport(fault, request, response)) return;
    if (asked.key !== key) return refuse(response, 400, 'API_KEY_INVALID');
    if (asked.model !== model) return refuse(response, 404, 'NOT_FOUND');
    const isOld = fault?.kind === 'thinks-not' && asked.body.includes('thinkingLevel');
    if (!asked.isValid || isOld) return refuse(response, 400, 'INVALID_ARGUMENT');
    const words = { packages: asked.packages.map((item) => ({ id: item.id, items: answer(item) })) };
    send(response, 200, shape(fault, JSON.stringify(words)));
  }

  /** Answers a request for `models/<model>`. */
  function describe(request: IncomingMessage, response: ServerResponse): void {
    if (fault !== undefined && applyTransport(fault, request, response)) return;
    if (request.headers['x-goog-api-key'] !== key) refuse(response, 400, 'API_KEY_INVALID');
    else if (request.url !== `/v1beta/models/${model}`) refuse(response, 404, 'NOT_FOUND');
    else send(response, 200, { name: `models/${model}` });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => refuse(response, 400, 'INVALID_ARGUMENT'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key,
    model,
    requests: () => [...seen],
    setFault: (value) => {
      fault = value;
    },
    setAnswer: (value) => {
      answer = value;
    },
    onRequest: (value) => {
      listener = value;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function readRequest(request: IncomingMessage): Promise<GeminiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const key = request.headers['x-goog-api-key'];
  return {
    model: /^\/v1beta\/models\/([^/:]+):generateContent$/.exec(request.url ?? '')?.[1] ?? '',
    key: typeof key === 'string' ? key : undefined,
    body,
    ...readBody(JSON.parse(body)),
  };
}

function readBody(body: unknown): Pick<GeminiRequest, 'isValid' | 'packages'> {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { isValid: false, packages: [] };
  const asked = askedSchema.safeParse(JSON.parse(parsed.data.contents[0]?.parts[0]?.text ?? '{}'));
  return { isValid: asked.success, packages: asked.data?.packages ?? [] };
}

/** Words each change as one item, in other words than the commit's. */
function echo(asked: AskedPackage): readonly AnsweredItem[] {
  return asked.changes.map(({ number, text }) => {
    const words = text.split('\n')[0] ?? '';
    return { section: 'Changed', text: `You will notice: ${words}`, changes: [number] };
  });
}

/** Applies a fault of the transport; returns true when nothing more is to be answered. */
function applyTransport(fault: GeminiFault, request: IncomingMessage, response: ServerResponse): boolean {
  switch (fault.kind) {
    case 'status':
      refuse(response, fault.status, 'UNAVAILABLE');
      return true;
    case 'redirect':
      response.writeHead(307, { location: fault.to }).end();
      return true;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>');
      return true;
    case 'reset':
      request.socket.resetAndDestroy();
      return true;
    default:
      return fault.kind === 'hang';
  }
}

function shape(fault: GeminiFault | undefined, text: string): unknown {
  const candidate = (finishReason: string, parts: readonly unknown[]) => ({
    candidates: [{ content: { role: 'model', parts }, finishReason, index: 0 }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    modelVersion: 'gemini-sandbox',
  });
  switch (fault?.kind) {
    case 'blocked':
      return { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } };
    case 'unsafe':
      return candidate('SAFETY', []);
    case 'cut':
      return candidate('MAX_TOKENS', [{ text: text.slice(0, text.length / 2) }]);
    case 'empty':
      return candidate('STOP', []);
    case 'text':
      return candidate('STOP', [{ text: fault.text }]);
    default:
      return candidate('STOP', [{ text }]);
  }
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  send(response, status, { error: { code: status, message: reason, status: reason } });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}
