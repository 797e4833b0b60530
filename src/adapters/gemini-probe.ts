export interface GeminiProbe {
  readonly apiKey: string;
  readonly model: string;
  /** Without a trailing slash. */
  readonly apiUrl: string;
}

/** Asks for the model's description, which costs nothing; undefined when it is there, else what is wrong. Never throws. */
export async function probeGemini(
  { apiKey, model, apiUrl }: GeminiProbe,
  signal: AbortSignal,
): Promise<string | undefined> {
  const address = `${apiUrl}/v1beta/models/${encodeURIComponent(model)}`;
  const headers = { 'x-goog-api-key': apiKey };
  try {
    // A redirect would take the key along.
    const answer = await fetch(address, { headers, redirect: 'error', signal });
    await answer.body?.cancel();
    if (answer.ok) return undefined;
    if (answer.status === 404) return `does not know the model “${model}”`;
    const isRefused = [400, 401, 403].includes(answer.status);
    return isRefused ? `refuses our key (HTTP ${answer.status})` : `answered HTTP ${answer.status}`;
  } catch {
    return signal.aborted ? 'did not answer in time' : 'could not be reached';
  }
}
