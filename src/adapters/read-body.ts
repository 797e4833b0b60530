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
