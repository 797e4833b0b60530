import { sameSlug } from '../../domain/repository/repository.ts';
import type { WorkflowIdentity } from '../../ports/github.ts';
import type { UsedTokens } from '../../ports/memory.ts';
import type { RepositoryLinks } from '../../ports/repositories.ts';
import type { DispatchPayload } from '../dispatch/accept-dispatch.ts';

export interface AdmitDeps {
  readonly links: Pick<RepositoryLinks, 'findByGitHub' | 'confirmOwner' | 'isNameTaken'>;
  readonly usedTokens: UsedTokens;
}

export type Admission =
  | { readonly kind: 'admitted' }
  /** The token is of another repository, or of a repository whose name was given to somebody else. */
  | { readonly kind: 'forbidden'; readonly detail: string }
  /** This token may not be used for this dispatch. */
  | { readonly kind: 'invalid'; readonly detail: string };

/**
 * Decides whether a workflow may ask for this dispatch: only for its own repository, by the ids that stay when names
 * change hands, and never for a pull request, which anybody can open.
 */
export async function admitWorkflow(
  deps: AdmitDeps,
  identity: WorkflowIdentity,
  payload: Pick<DispatchPayload, 'repository' | 'commit' | 'packagePath'>,
): Promise<Admission> {
  if (identity.eventName.startsWith('pull_request')) {
    return { kind: 'invalid', detail: 'A workflow of a pull request may not publish' };
  }
  if (!sameSlug(identity.repository, payload.repository)) {
    return { kind: 'forbidden', detail: `The token is of ${identity.repository}` };
  }
  const repository = await deps.links.findByGitHub(identity.repositoryId, identity.repository);
  // A repository that is not registered at all gets that answer afterwards.
  if (repository !== undefined && !(await deps.links.confirmOwner(repository.id, identity.ownerId))) {
    return {
      kind: 'forbidden',
      detail: `${identity.repository} belongs to another owner than the registered one`,
    };
  }
  if (repository === undefined && (await deps.links.isNameTaken(identity.repository))) {
    return {
      kind: 'forbidden',
      detail: `${identity.repository} is not the repository that was registered by this name. If it was made anew, an operator sets it active with /register edit, which takes its new id`,
    };
  }
  const purpose = `${payload.repository.toLowerCase()} ${payload.commit} ${payload.packagePath}`;
  const isFirst = await deps.usedTokens.use(identity.tokenId, purpose, identity.expiresAt);
  return isFirst
    ? { kind: 'admitted' }
    : { kind: 'invalid', detail: 'The token was used for another dispatch' };
}
