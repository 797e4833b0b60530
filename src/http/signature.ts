import { createHmac, timingSafeEqual } from 'node:crypto';

export type SignatureVerdict = 'valid' | 'missing' | 'invalid';

/** Checks `sha256=<64 hex>` over the raw bytes against every secret, each in constant time. */
export function judgeSignature(
  header: string | readonly string[] | undefined,
  body: Buffer,
  secrets: readonly string[],
): SignatureVerdict {
  if (header === undefined || header === '' || secrets.length === 0) return 'missing';
  const hex = typeof header === 'string' ? /^sha256=([0-9a-f]{64})$/i.exec(header)?.[1] : undefined;
  if (hex === undefined) return 'invalid';
  const given = Buffer.from(hex, 'hex');
  // No early exit: the duration must not reveal which secret matched.
  const matches = secrets.map((secret) =>
    timingSafeEqual(given, createHmac('sha256', secret).update(body).digest()),
  );
  return matches.includes(true) ? 'valid' : 'invalid';
}
