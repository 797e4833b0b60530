#!/usr/bin/env bash
# `"files": ["./"]` packs everything with the list of npm 11 and the manifest alone with that of npm 12: the same package
# becomes an empty one, without a warning, when the packing npm is updated. `"files": ["*"]` means everything in both.
# Seen with npm-packlist 10.0.4 (npm 11) and 11.3.0 (npm 12).
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts ten@npm:npm-packlist@10.0.4 eleven@npm:npm-packlist@11.3.0 2> /dev/null
mkdir -p package/Runtime && touch package/package.json package/Runtime/A.cs
cat > list.mjs <<'JS'
import eleven from 'eleven';
import ten from 'ten';
for (const files of [['./'], ['*']])
  for (const [name, list] of [['10.0.4', ten], ['11.3.0', eleven]]) {
    const tree = { path: `${process.cwd()}/package`, package: { files }, isProjectRoot: true, edgesOut: new Map(), workspaces: null };
    console.log(`${name} ${JSON.stringify(files)}: ${(await list(tree)).sort().join(' ')}`);
  }
JS
node list.mjs | tee seen
diff seen - <<'SEEN'
10.0.4 ["./"]: Runtime/A.cs package.json
11.3.0 ["./"]: package.json
10.0.4 ["*"]: Runtime/A.cs package.json
11.3.0 ["*"]: Runtime/A.cs package.json
SEEN
