/** Something between the repositories and the registry that nobody asked for. Texts in it are hostile. */
export type Anomaly =
  /** The version could be published, and no job that waits, runs or failed says why it was not. */
  | {
      readonly kind: 'unexplained-drift';
      readonly name: string;
      readonly repository: string;
      readonly version: string;
      readonly latest: string | undefined;
    }
  | { readonly kind: 'integrity-differs'; readonly name: string; readonly version: string }
  | {
      readonly kind: 'latest-is-prerelease';
      readonly name: string;
      readonly latest: string;
      readonly stable: string;
    }
  | {
      readonly kind: 'latest-went-back';
      readonly name: string;
      /** Undefined when the tag is gone. */
      readonly latest: string | undefined;
      readonly before: string;
    }
  | {
      readonly kind: 'latest-is-not-highest';
      readonly name: string;
      readonly latest: string | undefined;
      readonly stable: string;
    }
  | {
      readonly kind: 'manifest-broken';
      readonly name: string;
      readonly repository: string;
      readonly path: string;
      readonly why: string;
    }
  | { readonly kind: 'package-vanished'; readonly name: string; readonly repository: string }
  | { readonly kind: 'version-gone'; readonly name: string; readonly versions: readonly string[] }
  /**
   * The registry answers for other names and not for this one: nothing is known about it, and no open failure says so.
   */
  | { readonly kind: 'name-refused'; readonly name: string; readonly why: string };

export type AnomalyKind = Anomaly['kind'];

interface Words<K extends AnomalyKind> {
  /** What is wrong, without a full stop. */
  readonly sentence: (anomaly: Extract<Anomaly, { kind: K }>) => string;
  /** What a person should do about it. */
  readonly remedy: string;
}

const words: { readonly [K in AnomalyKind]: Words<K> } = {
  'unexplained-drift': {
    sentence: ({ name, version, repository, latest }) =>
      `${name} ${version} stands in ${repository} and is not published${latest === undefined ? '' : ` (the registry has ${latest})`}; no job says why`,
    remedy: 'Publish it with /publish, or look at /status of its repository.',
  },
  'integrity-differs': {
    sentence: ({ name, version }) =>
      `The registry holds other bytes for ${name} ${version} than we published`,
    remedy: 'Find out who replaced them; do not install this version, and publish a higher one.',
  },
  'latest-is-prerelease': {
    sentence: ({ name, latest, stable }) =>
      `latest of ${name} is the prerelease ${latest}, although ${stable} is stable`,
    remedy: 'Set latest to the highest stable version with npm dist-tag.',
  },
  'latest-went-back': {
    sentence: ({ name, latest, before }) => `latest of ${name} went from ${before} to ${latest ?? 'nothing'}`,
    remedy: 'Set latest back with npm dist-tag, unless somebody meant it.',
  },
  'latest-is-not-highest': {
    sentence: ({ name, latest, stable }) =>
      `latest of ${name} is ${latest ?? 'missing'}, although ${stable} is the highest stable version`,
    remedy: 'Set latest to the highest stable version with npm dist-tag.',
  },
  'manifest-broken': {
    sentence: ({ name, repository, path, why }) =>
      `The manifest of ${name} in ${repository} (${path === '' ? 'root' : path}) cannot be used any more: ${why}`,
    remedy: 'Mend its package.json; nothing of it is published until then.',
  },
  'package-vanished': {
    sentence: ({ name, repository }) => `${name} is no longer in ${repository}`,
    remedy: 'Nothing to do when it was removed on purpose; otherwise bring it back.',
  },
  'version-gone': {
    sentence: ({ name, versions }) =>
      `The registry has lost ${name} ${versions.join(', ')}, which ${versions.length === 1 ? 'was' : 'were'} published by us`,
    remedy: 'It is not published again by itself: publish a higher version, or restore it on the registry.',
  },
  'name-refused': {
    sentence: ({ name, why }) => `The registry answers for other names, but not for ${name}: ${why}`,
    remedy: 'Let the publisher’s token read this name, or mend what the registry answers for it.',
  },
};

export const anomalyKinds = Object.keys(words) as readonly AnomalyKind[];

export interface WordedAnomaly {
  readonly sentence: string;
  readonly remedy: string;
}

export function wordAnomaly(anomaly: Anomaly): WordedAnomaly {
  const { sentence, remedy } = words[anomaly.kind] as Words<AnomalyKind>;
  return { sentence: sentence(anomaly as never), remedy };
}

/** Returns what an anomaly is about: the same anomaly is old news while nothing about it changes. */
export function topicOf(anomaly: Anomaly): string {
  const where = 'repository' in anomaly ? ` ${anomaly.repository.toLowerCase()}` : '';
  return `${anomaly.kind} ${anomaly.name}${where}`;
}
