import type { StoreContext } from '../engine/context.ts';
import { buildCheckRequests } from './check-requests.ts';
import { buildInbox } from './inbox.ts';
import { buildOwnBranches } from './own-branches.ts';

/** Builds the parts of the store for GitHub, under their names in `Store`. */
export function buildGitHubParts(context: StoreContext) {
  return {
    checkRequests: buildCheckRequests(context),
    inbox: buildInbox(context),
    ownBranches: buildOwnBranches(context),
  };
}
