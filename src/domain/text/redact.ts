const mask = '«redacted»';

/** Shapes of tokens that must never be shown, known to us or not (GitHub's new form has dots and is long). */
const tokenShapes =
  /\bgh[pousr]_[A-Za-z0-9._-]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bnpm_[A-Za-z0-9]{20,}|\bAIza[0-9A-Za-z_-]{30,}/g;
/** What a JWT may be part of; it is searched once for the JWT's beginning. */
const dottedRun = /[\w.-]{33,}/g;
const jwtStart = /(?<![A-Za-z0-9])eyJ(?=[\w-]{10})/;
const jwtPartChars = 10;
const credentialsInUrl = /([a-z][a-z0-9+.-]{0,30}:\/\/)[^/\s:@"']*:[^/\s@"']+@/gi;
const authorization = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g;

/** Shortest secret that is masked; shorter values would blank ordinary words. */
const shortestSecret = 6;
/** Shortest line of a key that is masked by itself; a shorter line is of no use to anybody. */
const shortestLine = 32;

/**
 * Builds the one filter in front of logs, the database's text, HTTP answers and the thread. Secrets are asked for each
 * time, since they rotate.
 */
export function buildRedactor(secrets: () => readonly string[]): (text: string) => string {
  const known = new Map<string, readonly string[]>();
  const listForms = (secret: string): readonly string[] => {
    const forms = known.get(secret) ?? [secret, ...longLinesOf(secret)].flatMap(formsOf);
    known.set(secret, forms);
    return forms;
  };
  return (text) => {
    const long = secrets().filter((secret) => secret.length >= shortestSecret);
    // The longest comes first: a secret that begins like another one would leave its end behind.
    const found = long.flatMap(listForms).filter((form) => text.includes(form));
    let clean = text;
    for (const form of found.toSorted((a, b) => b.length - a.length)) clean = clean.replaceAll(form, mask);
    clean = clean.replace(tokenShapes, mask).replace(authorization, `$1 ${mask}`);
    if (clean.includes('eyJ')) clean = clean.replace(dottedRun, maskTokens);
    // The pattern is slow on long words, and without `://` there is nothing for it to find.
    return clean.includes('://') ? clean.replace(credentialsInUrl, `$1${mask}@`) : clean;
  };
}

/**
 * Masks signed JWTs: three parts, the first of which begins with `{"` in base64. Whatever hangs on behind is masked
 * with them.
 */
function maskTokens(run: string): string {
  const parts = run.split('.');
  const at = parts.findIndex(
    (part, index) =>
      jwtStart.test(part) &&
      [parts[index + 1], parts[index + 2]].every((next = '') => next.length >= jwtPartChars),
  );
  if (at < 0) return run;
  const [part = ''] = parts.slice(at);
  return [...parts.slice(0, at), part.slice(0, part.search(jwtStart)) + mask].join('.');
}

/** Returns the lines between BEGIN and END of a key in several lines: each of them says enough. */
function longLinesOf(secret: string): readonly string[] {
  if (!secret.includes('\n')) return [];
  return secret.split('\n').filter((line) => line.length >= shortestLine && !line.startsWith('-----'));
}

/**
 * Returns the forms in which a secret may be written: as it is, in base64 (Basic authentication), in hex, in a URL, and
 * inside JSON.
 */
function formsOf(secret: string): readonly string[] {
  const basic = Buffer.from(`x-access-token:${secret}`).toString('base64');
  const whole = Buffer.from(secret).toString('base64');
  const inside = [0, 1, 2].map((before) => withinBase64(secret, before));
  const base64 = [basic, whole, ...inside].flatMap((form) => [form, toUrlAlphabet(form)]);
  const hex = Buffer.from(secret).toString('hex');
  const written = [encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  return [...new Set([secret, ...base64, hex, hex.toUpperCase(), ...written])];
}

/** Returns what of a longer text's base64 is made of the secret alone, when `before` bytes precede it (modulo 3). */
function withinBase64(secret: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const firstOwn = Math.ceil((before * 8) / 6);
  return bytes.toString('base64').slice(firstOwn, Math.floor((bytes.length * 8) / 6));
}

function toUrlAlphabet(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
