import { UnusableAnswer } from './read-body.ts';

/** Explains a failed `fetch` in one phrase; decides by error code, because the messages differ between versions. */
export function wordNetworkError(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof UnusableAnswer) return cause.message;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name does not resolve';
  return error instanceof DOMException ? 'no answer in time' : 'connection lost';
}
