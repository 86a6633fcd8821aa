#!/bin/sh
# `npm run bench [PART…]`: sizes, instructions, times. Without arguments all of it. Parts: size first instructions memory builds kernels
set -eu
cd "$(dirname "$0")/.."
sh tools/setup.sh tests
npm run --silent build

parts=""
kernels=no
[ $# -gt 0 ] || kernels=yes
for part in "$@"; do
  if [ "$part" = kernels ]; then kernels=yes; else parts="$parts $part"; fi
done

if [ $# -eq 0 ] || [ -n "$parts" ]; then
  # A namespace of its own: the tap device and its addresses are seen by nobody else.
  unshare -rn sh -c "
    ip link set lo up
    ip tuntap add tap0 mode tap
    ip addr add 10.77.0.1/24 dev tap0
    ip link set tap0 up
    exec npx tsx bench/dns.ts $parts
  "
fi
[ $kernels = no ] || npx tsx bench/kernels.ts
