import { Outage } from '../../domain/failure/failure.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';
import { parseJson } from './parse-packument.ts';
import { RegistryTrouble } from './registry-trouble.ts';

/** Asks the registry who we are; if it cannot say, asks whether it is up. Throws Outage('registry'). */
export async function probe(client: HttpClient, signal: AbortSignal): Promise<void> {
  const who = await askOfAll(client, '-/whoami', signal);
  if (who.status < 300) {
    const body = parseJson(who.body);
    if (body === undefined) throw new Outage('registry', 'down', 'answered with something that is not JSON');
    const { username } = body;
    if (typeof username === 'string' && username !== '') return;
    // Verdaccio answers without a name when it does not know the token.
    throw new Outage('registry', 'credentials', 'it does not know our token');
  }
  const ping = await askOfAll(client, '-/ping', signal);
  if (ping.status < 300 && !ping.body.trimStart().startsWith('<')) return;
  throw new Outage('registry', 'down', `HTTP ${ping.status} for a ping`);
}

/** A redirect of these paths means that the whole registry has moved. */
async function askOfAll(client: HttpClient, path: string, signal: AbortSignal): Promise<HttpAnswer> {
  try {
    return await client.call({ method: 'GET', path }, signal);
  } catch (error) {
    if (!(error instanceof RegistryTrouble) || error.trouble.kind !== 'forwarded') throw error;
    const { status } = error.trouble;
    const detail = `HTTP ${status}: it redirects everything; set UPM_REGISTRY to the final address`;
    throw new Outage('registry', 'down', detail, undefined, { cause: error });
  }
}
