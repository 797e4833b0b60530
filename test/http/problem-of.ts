import { expect } from 'vitest';

/** An error answer in the form of RFC 9457. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly status: number;
  readonly problems?: readonly { readonly path: string; readonly message: string }[];
}

export async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return (await response.json()) as Problem;
}
