import type { Repository } from '../../domain/repository/repository.ts';
import type { HostedRepository } from '../../ports/repositories.ts';

/** Where the dispatcher is written; `dispatcherPaths` also has the places where earlier versions may have left it. */
export const dispatcherPath = '.github/workflows/upm-dispatch.yaml';
export const dispatcherPaths: readonly string[] = [
  dispatcherPath,
  '.github/workflows/upm-dispatch.yml',
  '.github/workflows/upm-publish-dispatcher.yml',
  '.github/workflows/upm-publish-dispatcher.yaml',
];

export interface DispatcherOptions {
  /** Our address without a trailing slash, from PUBLIC_URL. */
  readonly publisherUrl: string;
  /** Audience of the identity tokens, from OIDC_AUDIENCE. */
  readonly audience: string;
  /** The default branch first, then the registered patterns. */
  readonly branches: readonly string[];
}

/**
 * Renders the workflow of a target repository, as /register writes it. It holds no secret, checks nothing out, and
 * passes what people write (a path) through the environment only. The same options always give the same text, so that
 * an outdated dispatcher is recognised.
 */
export function renderDispatcher({ publisherUrl, audience, branches }: DispatcherOptions): string {
  // A JSON string is a YAML string.
  return template
    .replaceAll('«branches»', () => branches.map((branch) => JSON.stringify(branch)).join(', '))
    .replaceAll('«url»', () => JSON.stringify(publisherUrl))
    .replaceAll('«audience»', () => JSON.stringify(audience));
}

/** Returns undefined when we have no address at which we can be reached. */
export function renderFor(
  deps: { readonly publisherUrl: string | undefined; readonly audience: string | undefined },
  repository: Pick<Repository, 'branches'>,
  hosted: Pick<HostedRepository, 'defaultBranch'>,
): string | undefined {
  const { publisherUrl, audience } = deps;
  if (publisherUrl === undefined || audience === undefined) return undefined;
  return renderDispatcher({
    publisherUrl,
    audience,
    branches: [hosted.defaultBranch, ...repository.branches],
  });
}

const template = `# Asks UPM Auto Publisher to publish what a push declares, and shows what became of it.
# It needs no secret: the publisher knows this repository by its identity token.
name: Publish UPM packages

on:
  push:
    branches: [«branches»]
    paths: ['**/package.json']
  workflow_dispatch:
    inputs:
      package_path:
        description: Folder of the package to publish; all that changed when empty
        required: false
        type: string
        default: ''

permissions:
  id-token: write

jobs:
  dispatch:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - name: Ask for this commit to be published
        env:
          PUBLISHER_URL: «url»
          AUDIENCE: «audience»
          REPOSITORY: \${{ github.repository }}
          COMMIT: \${{ github.sha }}
          PACKAGE_PATH: \${{ inputs.package_path }}
          POLL_SECONDS: '5'
        run: |
          ask() { curl --silent --show-error --fail-with-body --max-time 30 --retry 5 --retry-connrefused "$@"; }
          bearer() { printf 'Authorization: Bearer %s' "$1"; }
          # Lines of a report are data: they must not look like commands of the runner.
          show() { jq --raw-output "$1 | gsub(\\"[\\\\\\\\r\\\\\\\\n]+\\"; \\" \\") | \\"- \\" + ."; }

          identity=$(ask --header @<(bearer "$ACTIONS_ID_TOKEN_REQUEST_TOKEN") \\
            "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=$AUDIENCE" | jq --raw-output .value)
          echo "::add-mask::$identity"
          body=$(jq --null-input --arg repository "$REPOSITORY" --arg commit "$COMMIT" --arg path "$PACKAGE_PATH" \\
            '{repository: $repository, commit_sha: $commit, package_path: $path}')
          # Sending the same dispatch again is harmless, so network trouble is simply retried.
          answer=$(ask --header @<(bearer "$identity") --header 'Content-Type: application/json' \\
            --data-binary "$body" "$PUBLISHER_URL/dispatch") || {
            show '"refused: " + (.detail // "no answer")' <<< "$answer"
            exit 1
          }
          report=$PUBLISHER_URL$(jq --raw-output .url <<< "$answer")

          for ((tries = 0; tries < 240; tries++)); do
            job=$(ask "$report" | jq '.jobs[-1]')
            status=$(jq --raw-output .status <<< "$job")
            if [[ $status != queued && $status != running ]]; then break; fi
            sleep "$POLL_SECONDS"
          done
          show '.packages[] | select(.outcome != "unchanged")
            | "\\(.name) \\(.version // ""): \\(.outcome)" + (if .title then " (\\(.title)) \\(.remedy // "")" else "" end)' <<< "$job"
          show 'select(.failure) | .failure.title + ". " + .failure.remedy' <<< "$job"
          echo "- $status"
          case $status in
            published | nothing-to-publish | shadowed) ;;
            queued | running) echo '::warning::It still waits; the thread tells when it is done.' ;;
            *) exit 1 ;;
          esac
`;
