#!/bin/sh
# `npm run bench [-- --linux] [PART…]`: sizes, instructions, times. Without arguments all of it.
# Parts: size first instructions memory builds front lsp kernels compile riscv xtensa esp32 passes dns requests site first-byte connections goodput xen http. With --linux also a peer that has to be fetched: Linux + NSD.
set -eu
cd "$(dirname "$0")/.."
if [ "${1:-}" = --linux ]; then
  shift
  sh bench/linux.sh
  export APPL_BENCH_LINUX=1
fi
sh tools/setup.sh bench
npm run --silent build
case " $* " in "  " | *" xen "*) node --import tsx tools/xen-ready.ts ;; esac

if unshare -rn true 2>/dev/null && [ -w /dev/net/tun ]; then
  # A namespace of its own: the tap device and its addresses are seen by nobody else.
  APPL_BENCH_TAP=1 exec unshare -rn sh -c '
    ip link set lo up
    ip tuntap add tap0 mode tap
    ip addr add 10.77.0.1/24 dev tap0
    ip link set tap0 up
    exec node --import tsx bench/main.ts "$@"
  ' bench "$@"
fi
exec node --import tsx bench/main.ts "$@"
