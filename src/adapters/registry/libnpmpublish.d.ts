declare module 'libnpmpublish' {
  import type { Agent } from 'node:http';

  /** The options that are passed to libnpmpublish and on to npm-registry-fetch. */
  interface PublishOptions {
    readonly registry: string;
    readonly forceAuth: { readonly token: string };
    readonly defaultTag: string;
    readonly algorithms: readonly string[];
    readonly fetchRetries: number;
    readonly timeout: number;
    readonly provenance: boolean;
    readonly userAgent: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly agent: Agent;
  }
  const libnpmpublish: {
    publish(manifest: Record<string, unknown>, tarball: Buffer, options: PublishOptions): Promise<unknown>;
  };
  export = libnpmpublish;
}
