#!/usr/bin/env bash
# hosted-git-info (with it npm finds the repository of a package) reads `GitHub:studio/tool` as a repository of nobody: the
# shortcut is recognised whatever its case, but its owner comes out as null and its addresses as `github:null/tool`. The
# scp-like form is not recognised at all once the host has a capital, while the https form of the same host is.
# Seen with hosted-git-info 10.1.1 and 9.0.2.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts new@npm:hosted-git-info@10.1.1 old@npm:hosted-git-info@9.0.2
cat > read.mjs <<'JS'
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
for (const name of ['new', 'old']) {
  const library = require(name);
  for (const text of ['github:studio/tool', 'GitHub:studio/tool', 'git@GitHub.com:studio/tool.git', 'https://GitHub.com/studio/tool']) {
    const found = library.fromUrl(text);
    console.log(`${name} ${text}: ${found ? `${found.user}/${found.project} ${found.toString()}` : 'nothing'}`);
  }
}
JS
node read.mjs | tee seen
diff seen - <<'SEEN'
new github:studio/tool: studio/tool github:studio/tool
new GitHub:studio/tool: null/tool github:null/tool
new git@GitHub.com:studio/tool.git: nothing
new https://GitHub.com/studio/tool: studio/tool git+https://github.com/studio/tool.git
old github:studio/tool: studio/tool github:studio/tool
old GitHub:studio/tool: null/tool github:null/tool
old git@GitHub.com:studio/tool.git: nothing
old https://GitHub.com/studio/tool: studio/tool git+https://github.com/studio/tool.git
SEEN
