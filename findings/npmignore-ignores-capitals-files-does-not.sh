#!/usr/bin/env bash
# One package list, two rules about capitals: a pattern of `.npmignore` leaves out a folder that differs in capitals, a
# pattern of `files` neither takes it in nor leaves it out. `build/` drops a Unity package's `Editor/Build`, while
# `"files": ["runtime"]` beside `Runtime/` packs the manifest alone.
# Seen with npm-packlist 11.3.0.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts npm-packlist@11.3.0 2> /dev/null
mkdir -p package/Runtime package/Editor/Build
touch package/package.json package/Runtime/A.cs package/Editor/Build/B.cs package/Editor/Build.meta
cat > list.mjs <<'JS'
import { rmSync, writeFileSync } from 'node:fs';
import packlist from 'npm-packlist';
async function list(title, fields, ignore) {
  rmSync('package/.npmignore', { force: true });
  if (ignore !== undefined) writeFileSync('package/.npmignore', ignore);
  const tree = { path: `${process.cwd()}/package`, package: fields, isProjectRoot: true, edgesOut: new Map(), workspaces: null };
  console.log(`${title}: ${(await packlist(tree)).sort().join(' ')}`);
}
await list('.npmignore build/', {}, 'build/\n');
await list('files runtime', { files: ['runtime'] });
await list('files ** !editor/**', { files: ['**', '!editor/**'] });
JS
node list.mjs | tee seen
diff seen - <<'SEEN'
.npmignore build/: Editor/Build.meta Runtime/A.cs package.json
files runtime: package.json
files ** !editor/**: Editor/Build.meta Editor/Build/B.cs Runtime/A.cs package.json
SEEN
