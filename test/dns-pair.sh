# dns-pair.sh NS1 NS2 KEY kvm|esp32: in a network namespace of its own, which is the router between their networks, boots both appliances of examples/dns in QEMU.
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
target=$4
boot() { # image, side, key
  if [ "$target" = esp32 ]; then
    exec qemu-system-xtensa -M kc705-nommu -cpu de212 -m 32 -nodefaults -no-user-config -display none \
      -serial "file:$folder/$2" -kernel "$1" \
      -nic "tap,ifname=side$2,script=no,downscript=no,model=open_eth"
  fi
  exec qemu-system-x86_64 -M microvm,acpi=off -cpu max -m 64 -nodefaults -no-user-config -display none \
    -global virtio-mmio.force-legacy=false -serial "file:$folder/$2" -kernel "$1" \
    -netdev "tap,id=n,ifname=side$2,script=no,downscript=no" -device virtio-net-device,netdev=n \
    -fw_cfg "name=opt/appl/tsig/xfr,file=$3"
}
images="$1 $2" key=$3
start() { # side
  set -- "$1" $images
  image=$2
  [ "$1" = 1 ] || image=$3
  boot "$image" "$1" "$key" &
  eval "ns$1=$!"
}
said() { cat "$folder/$1" 2>/dev/null || true; }
. test/dns-pair-asked.sh
