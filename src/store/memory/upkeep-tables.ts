/** Tables of what checks and reports remember. */
export interface UpkeepTables {
  checked_names: {
    registry: string;
    name: string;
    latest: string | null;
    /** Repository that last had the name at a head, and when. */
    repository: string | null;
    at_head: number | null;
  };
  /** The last daily check, as JSON. */
  daily_checks: { registry: string; result: string };
  credentials: { name: string; refused_since: number | null; expires_at: number | null };
  told_news: { teller: string; key: string; print: string; told_at: number };
  dismissed_failures: { job: number; dismissed_by: string; dismissed_at: number };
}
