#!/bin/sh
# Gets Chromium for the browser tests: installed where that is possible, else said loudly.
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests ..."
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null && exit 0
fi
cat >&2 <<'SAY'
==========================================================================
  CHROMIUM IS NOT INSTALLED: the browser tests will be SKIPPED.
  Install it (Debian, Ubuntu: apt-get install chromium) to run them too.
==========================================================================
SAY
[ "${CI:-}" = true ] && { echo "In CI a skipped browser test is a failure." >&2; exit 1; }
exit 0
