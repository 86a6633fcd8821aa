# interfaces.sh IMAGE --tap|--interface: in a network namespace of its own, runs the image on a device that carries two networks, which VDE's switch takes apart
# by IEEE 802.1Q, and on another one, and asks it in each network with programs of this machine.
set -u
folder=$(mktemp -d)
trap 'kill $image $switch $plugs 2>/dev/null || true; rm -rf "$folder"' EXIT
switch="" plugs="" image=""
ip link set lo up
cat > "$folder/switch.rc" <<RC
vlan/create 7
port/create 1
port/create 2
port/create 3
port/setvlan 2 7
vlan/addport 7 1
RC
vde_switch -s "$folder/switch" -M "$folder/console" -f "$folder/switch.rc" -d -p "$folder/switch.pid" < /dev/null > "$folder/switch.log" 2>&1
# It writes its number when it is in the background already.
for _ in $(seq 50); do
  [ -s "$folder/switch.pid" ] && break
  sleep 0.1
done
switch=$(cat "$folder/switch.pid")
for plug in 1:trunk 2:guests 3:lan; do
  ip tuntap add "${plug#*:}" mode tap
  vde_plug2tap -s "$folder/switch" -p "${plug%:*}" "${plug#*:}" > /dev/null 2>&1 &
  plugs="$plugs $!"
done
# What reaches the appliance's device is what is on the switch's port with tags.
if [ "$2" = --tap ]; then
  ip tuntap add device mode tap
  ip tuntap add other mode tap
  near=device there=device second=other
else
  ip link add near type veth peer name device
  ip link add other type veth peer name far
  ip link set device up
  ip link set far up
  near=near there=device second=far
fi
ip link add between type bridge
for each in trunk $near; do ip link set $each master between; done
ip addr add 10.77.0.1/24 dev lan
ip addr add 10.78.0.1/24 dev lan
ip addr add 10.79.0.1/24 dev guests
ip -6 addr add 2001:db8:79::1/64 dev guests nodad
ip addr add 10.80.0.1/24 dev other
for each in trunk $near between lan guests other; do ip link set $each up; done
dumpcap -q -i trunk -w "$folder/trunk.pcapng" > /dev/null 2>&1 &
plugs="$plugs $!"
"$1" "$2" "$there" "$2" "$second" > "$folder/out" &
image=$!
for _ in $(seq 100); do
  grep -q 'guests: 2001' "$folder/out" && break
  sleep 0.1
done
for each in 10.77.0.2 10.77.0.3 10.78.0.2 10.79.0.2 10.80.0.2 2001:db8:79::2; do
  ping -n -q -c 2 -i 0.2 -s 1472 $each | grep -o '[0-9] received' || true
  dig +short +time=2 +tries=1 @$each ns1.example.com A
  host=$each
  case $each in *:*) host="[$each]" ;; esac
  curl -sS -m 10 --noproxy '*' "http://$host/"
done
[ "$2" = --tap ] || node test/tcp-client.mjs 10.79.0.2
# Each network sees its own addresses alone.
ip addr add 10.79.0.9/24 dev lan
ping -n -q -c 1 -W 1 -I lan 10.79.0.2 | grep -o '[0-9] received' || true
ip addr add 10.77.0.9/24 dev guests
ping -n -q -c 1 -W 1 -I guests 10.77.0.2 | grep -o '[0-9] received' || true
sleep 1
tshark -n -r "$folder/trunk.pcapng" -Y 'vlan && (ip.src == 10.79.0.2 || arp.src.proto_ipv4 == 10.79.0.2)' -T fields -e vlan.id -e vlan.priority 2> /dev/null | sort -u
cat "$folder/out"
