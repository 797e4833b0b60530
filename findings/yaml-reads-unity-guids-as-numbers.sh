#!/usr/bin/env bash
# Unity writes `guid: <32 hex digits>` without quotes. YAML readers take those without a letter for numbers, and yaml those
# whose only letter is an `e`, too: the GUID is lost, and two different ones become equal. About one GUID in a million.
# Seen with js-yaml 5.5.0 and yaml 2.9.1. yaml's failsafe schema keeps them.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts js-yaml@5.5.0 yaml@2.9.1
cat > read.mjs <<'JS'
import * as jsYaml from 'js-yaml';
import { parse } from 'yaml';
const readers = {
  'js-yaml': (text) => jsYaml.load(text),
  yaml: (text) => parse(text),
  'yaml failsafe': (text) => parse(text, { schema: 'failsafe' }),
};
for (const guid of ['12345678901234567890123456789012', '12e45678901234567890123456789012', '9f4c2e7a1b3d5f60718293a4b5c6d7e8'])
  for (const [name, read] of Object.entries(readers))
    console.log(`${name}: ${guid} ${String(read(`fileFormatVersion: 2\nguid: ${guid}\n`).guid)}`);
JS
node read.mjs | tee seen
diff seen - <<'SEEN'
js-yaml: 12345678901234567890123456789012 1.2345678901234567e+31
yaml: 12345678901234567890123456789012 1.2345678901234567e+31
yaml failsafe: 12345678901234567890123456789012 12345678901234567890123456789012
js-yaml: 12e45678901234567890123456789012 12e45678901234567890123456789012
yaml: 12e45678901234567890123456789012 Infinity
yaml failsafe: 12e45678901234567890123456789012 12e45678901234567890123456789012
js-yaml: 9f4c2e7a1b3d5f60718293a4b5c6d7e8 9f4c2e7a1b3d5f60718293a4b5c6d7e8
yaml: 9f4c2e7a1b3d5f60718293a4b5c6d7e8 9f4c2e7a1b3d5f60718293a4b5c6d7e8
yaml failsafe: 9f4c2e7a1b3d5f60718293a4b5c6d7e8 9f4c2e7a1b3d5f60718293a4b5c6d7e8
SEEN
