/** Tables of which package on the registry has which GUID and assembly, and of the versions that were indexed. */
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
    /** The assembly’s name in lower case, because Unity and file systems ignore case. */
    folded: string;
    /** The package’s name. */
    name: string;
    assembly: string;
    path: string;
    version: string;
  };
}
