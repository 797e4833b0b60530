import type { z } from 'zod';
import { answerWith, readBody, UnusableAnswer } from '../system/read-body.ts';

const answerMaxBytes = 16 * 1024 * 1024;
const withoutBody: readonly number[] = [204, 205, 304];
/** A gate in front of GitHub may say these in words of its own; they mean what they say. */
const mayBePages: readonly number[] = [401, 403, 429];

/**
 * The answer with its whole body in memory. Octokit takes a body that breaks off for an empty one, and a page for a
 * success: both would read as "nothing there". Rejects with UnusableAnswer for what is not of an API, as `fetch` does when
 * the connection breaks.
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

/** What is used of an answer. Throws UnusableAnswer when it is not there: it says nothing about what was asked. */
export function readShape<T>(shape: z.ZodType<T>, data: unknown): T {
  const parsed = shape.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new UnusableAnswer('it answers something else than it was asked');
}
