import { z } from 'zod';
import { failure, renderFailure } from '../domain/failure/failure.ts';
import { parsePackagePath } from '../domain/package/package-path.ts';
import { parseCommitSha, parseSlug } from '../domain/repository/repository.ts';
import type { DispatchPayload } from '../publisher/dispatch/accept-dispatch.ts';
import { HttpProblem, type PayloadProblem } from './problem.ts';

export const eventType = 'package_publish';
const longestMessage = 64 * 1024;
const longestName = 1024;

/** Builds a text that is only shown to people, so a long one is cut instead of refused. */
function informational(maxLength: number, description: string) {
  return z
    .string()
    .transform((text) => text.slice(0, maxLength).toWellFormed())
    .nullish()
    .describe(description);
}

function parsed<T>(parse: (text: string) => T | undefined, expected: string) {
  return z
    .string(expected)
    .transform((text, context): T => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    })
    .describe(expected);
}

// The answer names the field instead of repeating its value.
const escapes = renderFailure(failure('package-path-escapes-repository', { path: 'package_path' }));

const packagePath = z
  .string()
  .transform((text, context) => {
    const path = parsePackagePath(text);
    if (path.kind === 'path') return path.path;
    context.addIssue({ code: 'custom', message: `${escapes.title}. ${escapes.remedy}` });
    return z.NEVER;
  })
  .nullish()
  .describe('A package’s folder or its package.json; empty means every package');

export const payloadSchema = z.object({
  repository: parsed(parseSlug, 'expected owner/name'),
  commit_sha: parsed(parseCommitSha, 'expected 40 hex digits'),
  branch: informational(longestName, 'Informational'),
  commit_message: informational(longestMessage, 'Informational'),
  commit_author: informational(longestName, 'Informational'),
  package_path: packagePath,
});
const eventSchema = z.object({
  event_type: z.literal(eventType, `expected ${eventType}`),
  client_payload: payloadSchema,
});

/** The two accepted forms of a body. */
export const bodySchema = z.union([eventSchema, payloadSchema]);

/** Parses an authenticated body. Throws a 400 that lists every problem with its path. */
export function parsePayload(body: Buffer): DispatchPayload {
  const json = parseJson(body);
  const result = isEvent(json) ? eventSchema.safeParse(json) : payloadSchema.safeParse(json);
  if (!result.success) {
    throw invalid('The payload is not a dispatch.', result.error.issues.map(describeIssue));
  }
  return translate('client_payload' in result.data ? result.data.client_payload : result.data);
}

function isEvent(json: unknown): boolean {
  return typeof json === 'object' && json !== null && ('event_type' in json || 'client_payload' in json);
}

/** Converts the request's names to the use case's. */
export function translate(data: z.output<typeof payloadSchema>): DispatchPayload {
  return {
    repository: data.repository,
    commit: data.commit_sha,
    packagePath: data.package_path ?? '',
    branch: data.branch ?? undefined,
    commitMessage: data.commit_message ?? undefined,
    commitAuthor: data.commit_author ?? undefined,
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw invalid('The body is not JSON.', [{ path: '', message: 'expected a JSON object' }]);
  }
}

function describeIssue({ path, message }: z.core.$ZodIssue): PayloadProblem {
  return { path: path.map(String).join('.'), message };
}

function invalid(detail: string, problems: readonly PayloadProblem[]): HttpProblem {
  return new HttpProblem(400, 'invalid-payload', detail, { problems });
}
