import type { CommitSha, RepositoryId } from '../../domain/repository/repository.ts';
import type { OwnBranches } from '../../ports/github.ts';
import type { StoreContext } from '../engine/context.ts';

export function buildOwnBranches({ db }: StoreContext): OwnBranches {
  const set = async (
    repositoryId: RepositoryId,
    branch: string,
    change: { readonly commit_sha: CommitSha } | { readonly foreign_sha: CommitSha },
  ): Promise<void> => {
    await db
      .updateTable('own_branches')
      .set(change)
      .where('repository_id', '=', repositoryId)
      .where('branch', '=', branch)
      .execute();
  };
  return {
    find: async (repositoryId, branch) => {
      const row = await db
        .selectFrom('own_branches')
        .selectAll()
        .where('repository_id', '=', repositoryId)
        .where('branch', '=', branch)
        .executeTakeFirst();
      return (
        row && {
          base: (row.base_sha as CommitSha | null) ?? undefined,
          commit: (row.commit_sha as CommitSha | null) ?? undefined,
          foreign: (row.foreign_sha as CommitSha | null) ?? undefined,
        }
      );
    },
    begin: async (repositoryId, branch, base) => {
      await db
        .insertInto('own_branches')
        .values({ repository_id: repositoryId, branch, base_sha: base, commit_sha: null, foreign_sha: null })
        .onConflict((conflict) =>
          conflict.columns(['repository_id', 'branch']).doUpdateSet({ base_sha: base }),
        )
        .execute();
    },
    wrote: async (repositoryId, branch, commit) => set(repositoryId, branch, { commit_sha: commit }),
    noteForeign: async (repositoryId, branch, head) => {
      await db
        .insertInto('own_branches')
        .values({ repository_id: repositoryId, branch, base_sha: null, commit_sha: null, foreign_sha: head })
        .onConflict((conflict) =>
          conflict.columns(['repository_id', 'branch']).doUpdateSet({ foreign_sha: head }),
        )
        .execute();
    },
  };
}
