import type { Generated } from 'kysely';

/** Tables of trials beside another publisher. */
export interface ShadowTables {
  shadow_versions: {
    id: Generated<number>;
    registry: string;
    name: string;
    version: string;
    repository_id: number;
    commit_sha: string;
    job: number;
    dist_tag: string;
    integrity: string;
    /** Files of the version, as JSON; emptied after the comparison. */
    contents: string;
    recorded_at: number;
    /** waiting, overdue, compared or ended. */
    state: string;
    finding: string | null;
    settled_at: number | null;
  };
  /** Versions that the registry held when a trial began, by name. */
  shadow_names: { registry: string; name: string; repository_id: number; versions: string; since: number };
  shadow_unexpected: {
    registry: string;
    name: string;
    version: string;
    repository_id: number;
    seen_at: number;
    finding: string | null;
    told_at: number | null;
  };
}
