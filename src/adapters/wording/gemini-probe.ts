export interface GeminiProbe {
  readonly apiKey: string;
  readonly model: string;
  /** Base URL without a trailing slash. */
  readonly apiUrl: string;
}

export interface GeminiTrouble {
  /** A phrase such as `refuses our key (HTTP 403)`. */
  readonly why: string;
  /** True when our key or model name is wrong; false when the model’s API is down. */
  readonly isOurs: boolean;
}

/**
 * Requests the model's description, which is free of charge. Returns undefined when it is available, else what is
 * wrong. Never throws.
 */
export async function probeGemini(
  { apiKey, model, apiUrl }: GeminiProbe,
  signal: AbortSignal,
): Promise<GeminiTrouble | undefined> {
  const address = `${apiUrl}/v1beta/models/${encodeURIComponent(model)}`;
  const headers = { 'x-goog-api-key': apiKey };
  try {
    // A redirect would carry the key to another server.
    const answer = await fetch(address, { headers, redirect: 'error', signal });
    await answer.body?.cancel();
    if (answer.ok) return undefined;
    if (answer.status === 404) return { why: `does not know the model “${model}”`, isOurs: true };
    const isOurs = [400, 401, 403].includes(answer.status);
    return {
      why: isOurs ? `refuses our key (HTTP ${answer.status})` : `answered HTTP ${answer.status}`,
      isOurs,
    };
  } catch {
    return { why: signal.aborted ? 'did not answer in time' : 'could not be reached', isOurs: false };
  }
}
