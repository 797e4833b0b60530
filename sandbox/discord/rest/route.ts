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
  /** `/channels/:channel/messages/:message` */
  readonly path: string;
  /** Needs no bot token: the path carries one of its own. */
  readonly open?: true;
  /** What the body must be; a list when every item must be it. */
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
