#!/bin/sh
# Fetches what `npm run bench -- --linux` compares with: Debian's kernel for clouds and a static busybox, unpacked into .cache/bench-linux.
# Nothing is installed.
set -eu
cd "$(dirname "$0")/.."
folder=.cache/bench-linux
[ -f "$folder/done" ] && exit 0
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
kernel=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1)
[ -n "$kernel" ] || {
  echo "apt knows no linux-image-cloud-amd64: run apt-get update, or do without --linux" >&2
  exit 1
}
apt-get download -qq -o APT::Sandbox::User=root "$kernel" busybox-static
for package in *.deb; do dpkg -x "$package" .; done
rm -- *.deb
touch done
