#!/bin/sh
# Brings a fresh checkout to where its scripts run. With `tests`, also the programs that the tests ask with; with `bench`, also those that are measured.
# Debian packages are installed where that is allowed; elsewhere the one line to run is printed and the exit code is 1.
set -eu
cd "$(dirname "$0")/.."

node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || {
  echo "appl needs Node.js 20.19 or newer; this is $(node --version)" >&2
  exit 1
}

# What npm writes last.
stamp=node_modules/.package-lock.json
if [ ! -f "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
  echo "installing npm packages"
  npm ci --no-audit --no-fund --loglevel=error
fi

[ $# -gt 0 ] || exit 0

missing=""
need() { # program (or file), Debian package
  command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -f "$1" ] || missing="$missing $2"
}
need git git
need qemu-system-x86_64 qemu-system-x86
need qemu-system-riscv64 qemu-system-misc
need qemu-system-xtensa qemu-system-misc
need /usr/lib/u-boot/qemu-riscv64_smode/uboot.elf u-boot-qemu
need dig bind9-dnsutils
need nsd nsd
need dnsmasq dnsmasq-base
need dbus-daemon dbus-daemon
need avahi-daemon avahi-daemon
need avahi-browse avahi-utils
need knotd knot
need kdig knot-dnsutils
need dnsperf dnsperf
need ping iputils-ping
need objdump binutils
need riscv64-linux-gnu-objdump binutils-riscv64-linux-gnu
need xtensa-lx106-elf-objdump binutils-xtensa-lx106
need qemu-riscv64 qemu-user
need gcc gcc
need /usr/include/stdio.h libc6-dev
need ip iproute2
need wasm2c wabt
need /bin/busybox busybox-static
need cpio cpio
need depmod kmod
need xz xz-utils
need curl curl
need socat socat
need tcpdump tcpdump
need tshark tshark
need vde_switch vde2
need radvd radvd
need skopeo skopeo
need minisign minisign
need jq jq
need promtool prometheus
need /usr/lib/python3/dist-packages/prometheus_client/__init__.py python3-prometheus-client
need rsyslogd rsyslog
need chromium-headless-shell chromium-headless-shell
if [ "$1" = bench ]; then
  need riscv64-linux-gnu-gcc gcc-riscv64-linux-gnu
  need xtensa-lx106-elf-gcc gcc-xtensa-lx106
  need /usr/lib/xtensa-lx106-elf/lib/libc.a picolibc-xtensa-lx106-elf
  need nginx nginx-light
  need wrk wrk
  need ethtool ethtool
fi

if [ -n "$missing" ]; then
  install="apt-get install -y --no-install-recommends$missing"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing$missing"
    # A service that its package starts would hold the ports that the tests use.
    export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
    apt-get update -qq
    $install -qq >/dev/null
  else
    echo "programs that are needed are not here; run: sudo $install" >&2
    exit 1
  fi
fi
