#!/usr/bin/env bash
# changelog-parser reads lines, not Markdown: a heading inside a fenced block begins a version of its own, and of a list
# item that goes on in a second line only the first is kept in `parsed`.
# Seen with changelog-parser 4.1.0.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts changelog-parser@4.1.0
cat > read.mjs <<'JS'
import parse from 'changelog-parser';
const text = '# Changelog\n\n## [1.1.0] - 2026-01-02\n\n### Added\n\n- One that goes on\n  in a second line\n\n```\n## [9.9.9]\n```\n';
for (const { version, parsed } of (await parse({ text })).versions) console.log(`${version}: ${JSON.stringify(parsed)}`);
JS
node read.mjs | tee seen
diff seen - <<'SEEN'
1.1.0: {"_":["One that goes on"],"Added":["One that goes on"]}
9.9.9: {"_":[]}
SEEN
