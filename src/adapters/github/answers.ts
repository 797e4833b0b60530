import type { z } from 'zod';
import { answerWith, readBody, UnusableAnswer } from '../system/read-body.ts';

const answerMaxBytes = 16 * 1024 * 1024;
const withoutBody: readonly number[] = [204, 205, 304];
/** Statuses that a proxy in front of GitHub may answer with its own page; the status counts nevertheless. */
const mayBePages: readonly number[] = [401, 403, 429];

/**
 * Reads the whole body of an answer into memory. Octokit treats a truncated body as empty and a web page as success,
 * which would both read as "nothing there". Rejects with UnusableAnswer for an answer that no API gives, and as `fetch`
 * does when the connection breaks.
 */
export async function takeApiAnswer(response: Response): Promise<Response> {
  const { status, headers } = response;
  const bytes = await readBody(response, answerMaxBytes);
  const isSilent = withoutBody.includes(status) || (status === 202 && bytes.length === 0);
  const isFree = isSilent || status >= 500 || mayBePages.includes(status);
  if (!isFree && !isJson(headers, bytes)) {
    throw new UnusableAnswer(`HTTP ${status}, but not in the form of GitHub’s API`);
  }
  return answerWith(response, bytes);
}

function isJson(headers: Headers, bytes: Buffer): boolean {
  if (headers.get('content-type')?.startsWith('application/json') !== true) return false;
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof parsed === 'object' && parsed !== null;
  } catch {
    return false;
  }
}

/**
 * Parses the used fields of an answer. Throws UnusableAnswer when they are missing, because the answer then says
 * nothing about the request.
 */
export function readShape<T>(shape: z.ZodType<T>, data: unknown): T {
  const parsed = shape.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UnusableAnswer('it answers something else than it was asked');
}
