#!/usr/bin/env bash
# close-with-grace ends a process that gets SIGUSR2, a signal that tools use for what must not end it: a heap dump, a
# profile, log rotation. It listens to it beside SIGTERM and SIGINT, and there is no option to leave it out: a listener of
# one's own for the same signal runs, and the process stops all the same, with exit code 0.
# Seen with close-with-grace 2.5.0.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
echo '{"private":true,"type":"module"}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts close-with-grace@2.5.0
cat > wait.js <<'JS'
import closeWithGrace from 'close-with-grace';
if (process.argv[2] === 'graceful') closeWithGrace({ logger: false }, async ({ signal }) => console.log(`stopping on ${signal}`));
process.on('SIGUSR2', () => console.log('our own listener'));
setTimeout(() => { console.log('still there'); process.exit(3); }, 1_500);
process.kill(process.pid, 'SIGUSR2');
JS
{
  code=0; node wait.js plain || code=$?; echo "without: exit $code"
  code=0; node wait.js graceful || code=$?; echo "with: exit $code"
} | tee seen
diff seen - <<'SEEN'
our own listener
still there
without: exit 3
stopping on SIGUSR2
our own listener
with: exit 0
SEEN
