# large.sh IMAGE URL FILE: in a network namespace of its own, boots the image on a tap device, gets the URL, which must be as FILE, and says how long frames were.
set -eu
folder=$(mktemp -d)
trap 'kill $qemu 2>/dev/null || true; rm -rf "$folder"' EXIT
ip link set lo up
ip tuntap add tap0 mode tap
ip addr add 10.0.2.2/24 dev tap0
ip link set tap0 up
qemu-system-x86_64 -M microvm,acpi=off -cpu max -accel tcg -m 64 -nodefaults -no-user-config -display none -no-reboot \
  -serial "file:$folder/console" -global virtio-mmio.force-legacy=false -kernel "$1" \
  -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device virtio-net-device,netdev=n0 &
qemu=$!
curl -sS -m 20 --retry 20 --retry-connrefused --retry-delay 1 --noproxy '*' "$2" -o "$folder/got"
if cmp -s "$folder/got" "$3"; then echo same; else echo different; fi
ip -s -j link show tap0
