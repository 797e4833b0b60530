import type { StoreContext } from '../engine/context.ts';
import { buildCheckRequests } from './check-requests.ts';
import { buildInbox } from './inbox.ts';
import { buildOwnBranches } from './own-branches.ts';

/** The parts of the store that belong to this folder, under the names that the store gives them. */
export function buildGitHubParts(context: StoreContext) {
  return {
    checkRequests: buildCheckRequests(context),
    inbox: buildInbox(context),
    ownBranches: buildOwnBranches(context),
  };
}
