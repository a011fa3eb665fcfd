#!/bin/sh
# Gets the OpenID provider for the tests of the eID: installed where that is possible, else said loudly.
cd "$(dirname "$0")" || exit 1
[ -f node_modules/.installed ] && [ ! package-lock.json -nt node_modules/.installed ] && exit 0
if command -v npm >/dev/null 2>&1; then
  echo "Installing the OpenID provider for the tests ..."
  npm ci --ignore-scripts --no-audit --no-fund --silent && touch node_modules/.installed && exit 0
fi
cat >&2 <<'SAY'
==========================================================================
  NO OPENID PROVIDER IS INSTALLED: the tests of the eID will be SKIPPED.
  Install node and npm (Debian, Ubuntu: apt-get install npm) to run them.
==========================================================================
SAY
[ "${CI:-}" = true ] && { echo "In CI a skipped test of the eID is a failure." >&2; exit 1; }
exit 0
