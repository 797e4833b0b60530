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
  assembly_names: {
    registry: string;
    /** The name in lower case: Unity and file systems take both for one. */
    folded: string;
    /** Of the package. */
    name: string;
    assembly: string;
    path: string;
    version: string;
  };
}
