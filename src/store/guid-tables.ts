/** Which package of the registry has which GUID, and what was found in its versions. */
export interface GuidTables {
  indexed_versions: {
    registry: string;
    name: string;
    version: string;
    fields: string;
    findings: string;
    rules: string;
    problem: string | null;
    indexed_at: number;
  };
  guids: {
    registry: string;
    guid: string;
    name: string;
    path: string;
    first_version: string;
    last_version: string;
  };
}
