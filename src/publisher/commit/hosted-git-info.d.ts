declare module 'hosted-git-info' {
  /** The part of the module that is used: npm's own reading of what `repository` in package.json may say. */
  interface HostedRepository {
    /** `github`, `gitlab`, `bitbucket`, `gist`, `sourcehut`. */
    readonly type: string;
    readonly user: string | null;
    readonly project: string;
  }
  const hostedGitInfo: {
    fromUrl(text: string): HostedRepository | undefined;
    parseUrl(text: string): URL | undefined;
  };
  export = hostedGitInfo;
}
