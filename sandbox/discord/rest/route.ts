import type { InteractionDesk } from '../interactions.ts';
import type { Schema } from '../schema-check.ts';
import type { DiscordState } from '../state.ts';
import type { ViolationList } from '../violations.ts';
import type { RestAnswer, RestRequest } from './exchange.ts';

export interface RouteContext {
  readonly state: DiscordState;
  readonly violations: ViolationList;
  readonly desk: InteractionDesk;
}

export interface Route {
  readonly method: string;
  /** Pattern such as `/channels/:channel/messages/:message`. */
  readonly path: string;
  /** Set for a route without a bot token, whose path carries its own token. */
  readonly open?: true;
  /** Schema of the body, or a function that picks it. */
  readonly request?: Schema | ((body: unknown) => Schema);
  readonly requestItems?: Schema;
  readonly answer?: Schema;
  readonly answerItems?: Schema;
  handle(
    context: RouteContext,
    request: RestRequest,
    parameters: Readonly<Record<string, string>>,
  ): RestAnswer;
}

export interface MatchedRoute {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

export function matchRoute(routes: readonly Route[], method: string, path: string): MatchedRoute | undefined {
  const steps = path.split('/');
  for (const route of routes) {
    const parameters = route.method === method ? matchPath(route.path.split('/'), steps) : undefined;
    if (parameters) return { route, parameters };
  }
  return undefined;
}

function matchPath(pattern: readonly string[], steps: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== steps.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const step = steps[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = step;
    else if (part !== step) return undefined;
  }
  return parameters;
}
