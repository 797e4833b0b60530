import { z } from 'zod';

/** Stable error codes that callers may rely on. */
export const problemCodes = [
  'invalid-payload',
  'bad-request',
  'signature-missing',
  'signature-invalid',
  'token-invalid',
  'issuer-unavailable',
  'repository-not-allowed',
  'repository-not-registered',
  'repository-disabled',
  'dispatch-not-found',
  'route-not-found',
  'method-not-allowed',
  'request-timeout',
  'payload-too-large',
  'unsupported-media-type',
  'headers-too-large',
  'rate-limited',
  'too-busy',
  'internal-error',
  'store-unavailable',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: z.string(),
    problems: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Everything that is wrong with the payload'),
  })
  .describe('What went wrong (RFC 9457)');
export type Problem = z.output<typeof problemSchema>;
export type PayloadProblem = NonNullable<Problem['problems']>[number];

export const problemType = 'application/problem+json; charset=utf-8';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Builds the body of an error answer. `detail` must not repeat what the request contained. */
export function buildProblem(
  status: number,
  code: ProblemCode,
  detail: string,
  problems?: readonly PayloadProblem[],
): Problem {
  return {
    type: 'about:blank',
    title: titles[status] ?? 'Error',
    status,
    code,
    detail,
    ...(problems === undefined ? {} : { problems: [...problems] }),
  };
}

interface ProblemExtras {
  readonly problems?: readonly PayloadProblem[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Logged, never part of the answer. */
  readonly cause?: unknown;
}

/** Thrown by a route to answer with a problem. */
export class HttpProblem extends Error {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(code, { cause: extras.cause });
    this.name = 'HttpProblem';
    this.problem = buildProblem(status, code, detail, extras.problems);
    this.headers = extras.headers ?? {};
  }
}

/** Documents the error answers of a route. */
export function problemResponses<const S extends number>(
  ...statuses: readonly S[]
): Record<S, typeof problemSchema> {
  return Object.fromEntries(statuses.map((status) => [status, problemSchema])) as Record<
    S,
    typeof problemSchema
  >;
}

const retryAfterSeconds = '5';

/** Returns the result of `work`; a failing store becomes a 503 that invites another try. */
export async function fromStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new HttpProblem(503, 'store-unavailable', 'Nothing can be stored or read right now; try again.', {
      cause,
      headers: { 'retry-after': retryAfterSeconds },
    });
  }
}
