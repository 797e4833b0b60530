/** What was answered cannot be used; the message is one phrase for people, without a word of the answer. */
export class UnusableAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnusableAnswer';
  }
}

/**
 * The whole body of an answer. One that breaks off rejects as `fetch` does, also with the reason of the request's
 * signal; one that is longer than anything that we ask for, with UnusableAnswer, and is not read on.
 */
export async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new UnusableAnswer('its answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const withoutBody: readonly number[] = [204, 205, 304];

/** For libraries that read on their own and without end: the same answer with its body in memory. Rejects as readBody. */
export async function takeWhole(response: Response, maxBytes: number): Promise<Response> {
  return answerWith(response, await readBody(response, maxBytes));
}

/** The head of this answer with another body. */
export function answerWith({ status, statusText, headers }: Response, body: Buffer): Response {
  // A copy of its own: what Buffer hands out may lie in a shared pool.
  const bytes = withoutBody.includes(status) ? null : new Uint8Array(body);
  return new Response(bytes, { status, statusText, headers });
}
