#!/usr/bin/env bash
# Signs a dispatch and sends it.
#   PUBLISHER_URL=https://publisher.example.com DISPATCH_SECRET_FILE=secret ./send-dispatch.sh dispatch.json
# Give the secret as DISPATCH_SECRET or as the name of a file in DISPATCH_SECRET_FILE. Needs curl and openssl.
set -euo pipefail

payload=${1:?usage: send-dispatch.sh <payload.json>}
url=${PUBLISHER_URL:?set PUBLISHER_URL to where the publisher listens}
secret=${DISPATCH_SECRET:-}
if [[ -z $secret ]]; then
  secret=$(< "${DISPATCH_SECRET_FILE:?set DISPATCH_SECRET or DISPATCH_SECRET_FILE}")
fi

# openssl takes the key as an argument, which other users of this machine could read for a moment;
# a shared machine should sign elsewhere.
signature=$(openssl dgst -sha256 -hmac "$secret" -r < "$payload" | cut -d ' ' -f 1)

# The answer is printed whatever it is; anything but 2xx ends with exit code 22.
curl --silent --show-error --fail-with-body --max-time 30 \
  --header 'Content-Type: application/json' \
  --header "X-Hub-Signature-256: sha256=$signature" \
  --data-binary "@$payload" \
  "${url%/}/dispatch"
echo
