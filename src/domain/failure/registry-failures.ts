import { entry, type None } from './failure-entry.ts';

/** Failures that are about the registry and what it answers for a package; a part of the catalogue. */
export const registryFailures = {
  'registry-rejected-credentials': entry<{ since: string }>(
    'after-fix',
    (f) => `The registry has refused our token since ${f.since}`,
    () => 'Renew NPM_TOKEN (or NPM_TOKEN_FILE), then press Retry.',
  ),
  'registry-unavailable': entry<{ since: string; detail: string }>(
    'after-fix',
    (f) => `The registry has not answered since ${f.since}: ${f.detail}`,
    () => 'Bring the registry back, then press Retry.',
  ),
  'git-host-unavailable': entry<{ since: string; detail: string }>(
    'after-fix',
    (f) => `The git host has not answered since ${f.since}: ${f.detail}`,
    () => 'Check the git host and its credentials, then press Retry.',
  ),
  'registry-name-forbidden': entry<{ name: string; status: number }>(
    'after-fix',
    (f) => `The registry does not let us read ${f.name} (HTTP ${f.status}), so nobody can say what it holds`,
    () => 'Give the token’s user read access to this name on the registry, then press Retry.',
  ),
  'registry-name-forwarded': entry<{ name: string; to: string }>(
    'after-fix',
    (f) => `The registry forwards requests for ${f.name} to ${f.to}, so nobody can say whether it has it`,
    () =>
      'Switch the registry’s request forwarding off (GitLab: “Forward npm package requests”), then press Retry.',
  ),
  'registry-name-unreadable': entry<{ name: string; detail: string }>(
    'after-fix',
    (f) => `The registry’s answer for ${f.name} cannot be used: ${f.detail}`,
    () =>
      'Open this name on the registry with the publisher’s token, mend what answers there, then press Retry.',
  ),
  'registry-name-unavailable': entry<{ name: string; detail: string }>(
    'automatic',
    (f) => `The registry answers for other names, but not for ${f.name}: ${f.detail}`,
    () => 'The next attempt runs by itself; if it keeps happening, look for this name in the registry’s log.',
  ),
  'registry-forbidden': entry<{ name: string; detail: string }>(
    'after-fix',
    (f) => `The registry does not let us publish ${f.name}: ${f.detail}`,
    () =>
      'Give the token’s user publish rights for this name on the registry, then press Retry; without that, nothing more is sent for it until the token changes.',
  ),
  'registry-rejected-package': entry<{ status: number; detail: string }>(
    'after-fix',
    (f) => `The registry refused the package (${f.status}): ${f.detail}`,
    (f) =>
      f.status === 413
        ? 'Raise the registry’s body limit (Verdaccio: `max_body_size`), or make the package smaller.'
        : 'Read the registry’s answer, correct the package, and push again.',
  ),
  'registry-requires-otp': entry<None>(
    'after-fix',
    () => 'The registry asks for a one-time password',
    () =>
      'Publish to a registry whose tokens need no second factor. npmjs.com ends direct publishing by tokens that pass it: see docs/registries.md for what works there.',
  ),
  'registry-conflict': entry<{ version: string }>(
    'after-fix',
    (f) => `The registry says ${f.version} exists, but does not show it`,
    () => 'The version may have been removed on the registry; bump `version` to publish.',
  ),
  'registry-busy': entry<{ detail: string }>(
    'automatic',
    (f) => `The registry did not take the package: ${f.detail}`,
    () =>
      'Further attempts run by themselves. When all failed: look at the registry’s log, then press Retry.',
  ),
  'registry-did-not-store': entry<{ detail: string }>(
    'after-fix',
    (f) => `The registry accepted the package but does not show it: ${f.detail}`,
    () => 'Look at the registry’s storage and log, then press Retry; the same bytes are sent again.',
  ),
  // Failures that were stored long ago lack `served`.
  'published-copy-differs': entry<{ version: string; expected: string; found: string; served?: string }>(
    'never',
    (f) =>
      f.served === undefined
        ? `The registry holds other bytes for ${f.version} than we published from this commit`
        : `The registry describes our ${f.version} but serves other bytes: installing it fails`,
    (f) =>
      f.served === undefined
        ? 'Find out who published or replaced it on the registry; bump `version` to publish a clean copy.'
        : 'Somebody else sent the same version at that moment, or replaced its tarball: let one publisher do it, remove this version from the registry where it allows that, and bump `version`.',
  ),
  'published-copy-unreadable': entry<{ version: string; detail: string }>(
    'after-fix',
    (f) => `The registry shows ${f.version}, but its tarball cannot be read: ${f.detail}`,
    () =>
      'Make the address in the version’s `dist.tarball` readable from here (storage, CDN, public URL of the registry), then press Retry: it is only read, not sent again.',
  ),
} as const;
