/**
 * What the address of a registry reveals before the registry is asked. docs/registries.md says where each rule comes
 * from.
 */

const scopedRemedy =
  'use an address whose names have no @scope: a Verdaccio, a GitLab project (…/api/v4/projects/<id>/packages/npm/), or an npm repository of Artifactory, Nexus, Cloudsmith or Azure Artifacts';

/**
 * Returns why nothing can be published to an address, and what to use instead; undefined when nothing speaks against
 * it.
 */
export function whyNotSupported(address: string): string | undefined {
  const { hostname, pathname } = new URL(address);
  const path = decode(pathname);
  if (path.split('/').some((segment) => segment.startsWith('@'))) {
    return `an address below an @scope is not supported: its names are not those that Unity asks for; ${scopedRemedy}`;
  }
  if (hostname === 'npm.pkg.github.com' || /^npm\.[^.]+\.ghe\.com$/.test(hostname)) {
    return `GitHub Packages is not supported: it takes only names with an @scope, which Unity packages do not have; ${scopedRemedy}`;
  }
  if (/\/api\/v4\/(?:groups\/.+\/-\/)?packages\/npm\/?$/.test(path)) {
    return 'the address of a whole GitLab instance or of a group is not supported: packages are published to a project; use …/api/v4/projects/<id>/packages/npm/';
  }
  return undefined;
}

export interface RegistryWarning {
  /** One sentence without a full stop. */
  readonly text: string;
  readonly remedy: string;
}

/** Returns what will stop working at an address; undefined when nothing is known. */
export function findRegistryWarning(address: string): RegistryWarning | undefined {
  const { hostname } = new URL(address);
  if (!/^(?:registry|www)\.npmjs\.(?:org|com)$/.test(hostname)) return undefined;
  return {
    text: 'npmjs.com has announced that from about January 2027 no token publishes directly without a second factor, so this process could not publish there',
    remedy:
      'Publish to a registry of your own. Versions for npmjs.com can be staged with `npm stage publish` and a stage-only token, and approved by a person (docs/registries.md).',
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
