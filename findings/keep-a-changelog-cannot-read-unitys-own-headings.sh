#!/usr/bin/env bash
# Unity's packages have sections such as "Known Issues". keep-a-changelog knows the six of keepachangelog.com and ends with
# a TypeError on any other. A file that it does read comes back changed: versions lose their brackets, blank lines go.
# Seen with keep-a-changelog 3.1.0.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts keep-a-changelog@3.1.0
cat > read.mjs <<'JS'
import { parser } from 'keep-a-changelog';
const file = (section) => `# Changelog\n\nAll changes.\n\n## [1.1.0] - 2026-01-02\n\n### ${section}\n\n- One\n`;
for (const section of ['Fixed', 'Known Issues'])
  try {
    console.log(`${section}: ${JSON.stringify(parser(file(section)).toString())}`);
  } catch (error) {
    console.log(`${section}: ${error.name}`);
  }
JS
node read.mjs | tee seen
diff seen - <<'SEEN'
Fixed: "# Changelog\nAll changes.\n\n## 1.1.0 - 2026-01-02\n### Fixed\n- One\n"
Known Issues: TypeError
SEEN
