#!/bin/sh
# `npm run fuzz [-- MINUTES [SEED]]`: generated code against V8 on all machines.
set -eu
cd "$(dirname "$0")/.."
sh tools/setup.sh tests
exec node --import tsx tools/fuzz.ts "$@"
