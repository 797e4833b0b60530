/** A package as it was found at the head of the default branch. */
export interface FoundPackage {
  readonly name: string;
  readonly version: string | undefined;
  readonly path: string;
  /** Why the package is left out; undefined when it is going to be published. */
  readonly excludedBecause: string | undefined;
}

const listed = 100;

/**
 * Words the pull request for the people who merge it. Names and paths are as committed, and have no effect in the
 * text.
 */
export function describeRegistration(packages: readonly FoundPackage[], branches: readonly string[]): string {
  const ours = packages.filter((item) => item.excludedBecause === undefined);
  const others = packages.filter((item) => item.excludedBecause !== undefined);
  const named = branches.map(code).join(', ');
  return [
    `After merging, every push to ${named} that changes a \`package.json\` is published. No secret is needed.`,
    section(
      'Packages',
      ours,
      (item) => `- ${code(item.name)} ${code(item.version ?? '?')} in ${code(item.path)}`,
    ),
    section('Left out', others, (item) => `- ${code(item.path)}: ${plain(item.excludedBecause ?? '')}`),
    '### How to publish\n\nRaise `version` in a package’s `package.json`, add what changed, push. To publish one package by hand, run the workflow *Publish UPM packages* with its folder.',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(
  title: string,
  packages: readonly FoundPackage[],
  line: (item: FoundPackage) => string,
): string {
  if (packages.length === 0) return '';
  const lines = packages.slice(0, listed).map(line);
  const left = packages.length - lines.length;
  return [`### ${title}\n`, ...lines, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n');
}

/** Quotes a text so that nothing gets out of the quotes: no mention, no link, no line break. */
function code(text: string): string {
  const safe = text.replaceAll(/[`\p{Cc}\p{Cf}]/gu, '·').slice(0, 200);
  return `\`${safe === '' ? '(root)' : safe}\``;
}

function plain(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .,:;()/'’“”-]/gu, '·').slice(0, 300);
}
