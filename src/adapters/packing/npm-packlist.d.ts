declare module 'npm-packlist' {
  /** The part of an arborist tree that it reads. */
  interface Tree {
    readonly path: string;
    readonly package: Readonly<Record<string, unknown>>;
    readonly isProjectRoot: boolean;
    readonly edgesOut: ReadonlyMap<string, unknown>;
    readonly workspaces: null;
  }
  function packlist(tree: Tree): Promise<string[]>;
  export = packlist;
}
