const mask = '«redacted»';

/** Shapes of tokens that are never ours to show, known or not (GitHub's new form has dots and is long). */
const tokenShapes =
  /\bgh[pousr]_[A-Za-z0-9._-]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bnpm_[A-Za-z0-9]{20,}|\bAIza[0-9A-Za-z_-]{30,}/g;
const credentialsInUrl = /([a-z][a-z0-9+.-]{0,30}:\/\/)[^/\s:@"']*:[^/\s@"']+@/gi;
const authorization = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/g;

/** Shorter values would blank ordinary words. */
const shortestSecret = 6;

/** The one filter in front of logs, the database's text, HTTP answers and the thread. Secrets are asked for each time, since they rotate. */
export function buildRedactor(secrets: () => readonly string[]): (text: string) => string {
  return (text) => {
    let clean = text;
    for (const secret of secrets()) {
      if (secret.length < shortestSecret) continue;
      for (const form of formsOf(secret)) if (clean.includes(form)) clean = clean.replaceAll(form, mask);
    }
    clean = clean.replace(tokenShapes, mask).replace(authorization, `$1 ${mask}`);
    // The pattern is slow on long words, and without this there is nothing for it to find.
    return clean.includes('://') ? clean.replace(credentialsInUrl, `$1${mask}@`) : clean;
  };
}

/** As it is, in base64 (Basic authentication), in a URL, and inside JSON. */
function formsOf(secret: string): readonly string[] {
  const basic = Buffer.from(`x-access-token:${secret}`).toString('base64');
  const forms = [secret, basic, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)];
  return [...new Set([...forms, JSON.stringify(secret).slice(1, -1)])];
}
