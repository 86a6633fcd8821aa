# dns-pair.sh NS1 NS2 KEY: in a network namespace of its own, which is the router between their networks, boots both appliances of examples/dns in QEMU.
set -eu
folder=$(mktemp -d)
trap 'kill $ns1 $ns2 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
ns1=
ns2=
ip link set lo up
for side in 1:192.0.2.1 2:198.51.100.1; do
  ip tuntap add "side${side%%:*}" mode tap
  ip addr add "${side#*:}/24" dev "side${side%%:*}"
  ip link set "side${side%%:*}" up
done
echo 1 > /proc/sys/net/ipv4/ip_forward
boot() { # image, side, key
  exec qemu-system-x86_64 -M microvm,acpi=off -cpu max -m 64 -nodefaults -no-user-config -display none \
    -global virtio-mmio.force-legacy=false -serial "file:$folder/$2" -kernel "$1" \
    -netdev "tap,id=n,ifname=side$2,script=no,downscript=no" -device virtio-net-device,netdev=n \
    -fw_cfg "name=opt/appl/tsig/xfr,file=$3"
}
wait_for() { # text, side
  for _ in $(seq 300); do
    grep -q "$1" "$folder/$2" 2>/dev/null && return
    sleep 0.1
  done
}
boot "$2" 2 "$3" & ns2=$!
wait_for 'wan: 198' 2
echo "before: $(dig @198.51.100.53 www.example.com | grep -o 'status: [A-Z]*')"
boot "$1" 1 "$3" & ns1=$!
wait_for 'dns: example.com: serial' 2
wait_for 'dns: 2.0.192.in-addr.arpa: serial' 2
echo "forward: $(dig +short @198.51.100.53 www.example.com)"
echo "reverse: $(dig +short @198.51.100.53 -x 192.0.2.53)"
for server in 192.0.2.53 198.51.100.53; do dig +short @$server example.com SOA | cut -d ' ' -f 3 >> "$folder/serials"; done
echo "serials: $(sort -u "$folder/serials" | wc -l)"
echo "reverse of the office only: $(dig @192.0.2.53 -x 192.0.2.53 | grep -o 'status: [A-Z]*')"
echo "copy for a stranger: $(dig @192.0.2.53 example.com AXFR | grep -c 'Transfer failed')"
cat "$folder/1" "$folder/2"
