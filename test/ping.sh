# ping.sh MACHINE DEVICE: in a network namespace of its own, boots the image from standard input on a tap device and asks it with ping and dig.
set -eu
folder=$(mktemp -d)
trap 'kill $qemu 2>/dev/null || true; rm -rf "$folder"' EXIT
cat > "$folder/image.elf"
ip link set lo up
ip tuntap add tap0 mode tap
ip addr add 10.77.0.1/24 dev tap0
ip link set tap0 up
qemu-system-x86_64 -M "$1" -cpu max -accel tcg -m 64 -nodefaults -no-user-config -display none -no-reboot \
  -serial "file:$folder/console" -global virtio-mmio.force-legacy=false -kernel "$folder/image.elf" \
  -netdev tap,id=n0,ifname=tap0,script=no,downscript=no -device "$2",netdev=n0 &
qemu=$!
for _ in $(seq 100); do
  ping -c 1 -W 1 10.77.0.2 >/dev/null 2>&1 && break
  sleep 0.1
done
ping -c 5 -i 0.1 10.77.0.2
ping -c 3 -i 0.1 -s 1400 10.77.0.2
# Longer than a packet: put together by both sides.
ping -c 3 -i 0.1 -s 3000 10.77.0.2
ping -c 2 -i 0.1 -s 8000 10.77.0.2
# A hundred without waiting for each other's answers: what the limit of answers lets through.
ping -c 100 -f 10.77.0.2 | grep transmitted
dig @10.77.0.2 +short +time=2 www.example.com A
# A port without a service answers with an ICMP error, which the socket reports as refused.
dig @10.77.0.2 -p 9 +time=1 +tries=1 www.example.com A 2>&1 | grep -q "connection refused" && echo "port 9: refused" || echo "port 9: silent"
cat "$folder/console"
