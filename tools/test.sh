#!/bin/sh
# `npm test`: installs what the tests need, then runs everything: types, lint, import rules, all tests.
set -eu
cd "$(dirname "$0")/.."
sh tools/setup.sh tests

part() { # name, command…
  name=$1
  shift
  begin=$(date +%s)
  "$@"
  echo "-- $name: $(($(date +%s) - begin)) s"
}
part "types, lint, import rules" npm run --silent check
part "bundle" npm run --silent build
part "tests" npx vitest run "$@"
