/** Answers of the process and the registry, as far as the sandbox and the tests read them. */

export interface Accepted {
  readonly id: string;
  readonly job: number;
  readonly status: string;
  readonly duplicate: boolean;
}

export interface PackageShown {
  readonly name: string;
  readonly version: string | null;
  readonly path: string;
  readonly outcome: string;
  readonly reason: string | null;
  readonly title: string | null;
  readonly remedy: string | null;
  readonly distTag: string | null;
  readonly integrity: string | null;
  readonly findings: readonly { readonly rule: string; readonly message: string }[];
  readonly warnings: readonly string[];
}

export interface JobShown {
  readonly job: number;
  readonly status: string;
  readonly waitingFor: string | null;
  readonly attempts: number;
  readonly failure: { readonly reason: string; readonly title: string; readonly remedy: string } | null;
  readonly stages: readonly { readonly stage: string }[];
  readonly packages: readonly PackageShown[];
}

export interface ReportShown {
  readonly id: string;
  readonly jobs: readonly JobShown[];
}

export interface PackumentShown {
  readonly 'dist-tags': Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, { readonly dist: { readonly integrity: string } }>>;
}
