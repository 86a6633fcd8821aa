#!/bin/sh
# `npm run demo`: on a fresh machine with just Node: installs, builds the example for kvm, runs it on the host target,
# asks it, prints answer, size and digest; boots it in QEMU too if QEMU is there.
set -eu
cd "$(dirname "$0")/.."
sh tools/setup.sh
npm run --silent build
exec node tools/demo.mjs
