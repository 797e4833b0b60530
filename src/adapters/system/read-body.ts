/** An answer cannot be used; the message is one phrase for people that quotes nothing of the answer. */
export class UnusableAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnusableAnswer';
  }
}

/**
 * Reads the whole body of an answer. Rejects as `fetch` does when the body breaks off (also with the reason of the
 * request's signal), and with UnusableAnswer as soon as the body exceeds `maxBytes`.
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

/**
 * For libraries that read bodies without a limit: returns the same answer with its body in memory. Rejects like
 * readBody.
 */
export async function takeWhole(response: Response, maxBytes: number): Promise<Response> {
  return answerWith(response, await readBody(response, maxBytes));
}

/** Returns an answer with the same status and headers and another body. */
export function answerWith({ status, statusText, headers }: Response, body: Buffer): Response {
  // Copies the bytes, because a Buffer may be part of a shared pool.
  const bytes = withoutBody.includes(status) ? null : new Uint8Array(body);
  return new Response(bytes, { status, statusText, headers });
}
