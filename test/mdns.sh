# mdns.sh HOST COMMAND...: in a network namespace of its own, runs an image on the tap device `here` and has it found by Avahi, which is called HOST, and asked by dig; tshark
# looks at all that was said.
set -eu
host=$1
shift
folder=$(mktemp -d)
trap 'kill $image $avahi $bus $capture 2>/dev/null || true; rm -rf "$folder"' EXIT
soon() { # command: until it says yes
  for _ in $(seq 100); do
    "$@" && return
    sleep 0.1
  done
  echo "it did not come to: $*" >&2
  cat "$folder"/avahi >&2
  exit 1
}
# Avahi keeps things below /run, and they belong to a user of its own, which nobody is here but root.
mount -t tmpfs none /run
printf 'root:x:0:0::/:/bin/sh\navahi:x:0:0::/:/bin/sh\n' > /run/passwd
printf 'root:x:0:\navahi:x:0:\n' > /run/group
mount --bind /run/passwd /etc/passwd
mount --bind /run/group /etc/group
ip link set lo up
ip tuntap add here mode tap
ip link set here multicast on
ip addr add 10.77.0.1/24 dev here
ip addr add fd77::1/64 dev here nodad
ip link set here up
here=$(ip -o link show here | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/')
cat > "$folder/bus.conf" <<END
<busconfig><type>session</type><listen>unix:path=$folder/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/><allow user="*"/></policy></busconfig>
END
dbus-daemon --config-file="$folder/bus.conf" --nofork --nopidfile &
bus=$!
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$folder/bus"
soon test -S "$folder/bus"
tshark -q -i here -w "$folder/pcap" 2> "$folder/capture" &
capture=$!
soon grep -qs Capturing "$folder/capture"
printf '[server]\nhost-name=%s\nuse-ipv4=yes\nuse-ipv6=yes\nallow-interfaces=here\n[publish]\npublish-workstation=no\n[rlimits]\n' "$host" > "$folder/avahi.conf"
avahi-daemon --no-drop-root --no-chroot --no-rlimits -f "$folder/avahi.conf" 2> "$folder/avahi" &
avahi=$!
soon grep -q 'startup complete' "$folder/avahi"
"$@" > "$folder/console" &
image=$!
for _ in $(seq 300); do
  [ "$(grep -c 'it is called' "$folder/console")" -ge 2 ] && break
  sleep 0.1
done
name=$(tr -d '\r' < "$folder/console" | sed -n 's/.*over IPv4 it is called \([^, ]*\).*/\1/p' | tail -1)
echo "name: $name"
echo "avahi: $(sed -n 's/.*Host name is \(.*\)\.$/\1/p' "$folder/avahi" | tail -1)"
echo "browsed:"
timeout 10 avahi-browse -ptr _http._tcp 2>/dev/null | grep '^=' | sort -u
timeout 10 avahi-browse -pt _ipp._tcp 2>/dev/null | grep '^+' | sort -u
echo "subtype: $(timeout 10 avahi-browse -pt _garden._sub._http._tcp 2>/dev/null | grep -c '^+')"
echo "all: $(timeout 10 avahi-browse -pat 2>/dev/null | grep '^+;here;IPv4' | cut -d ';' -f 5 | sort -u | tr '\n' ' ')"
echo "resolved: $(timeout 10 avahi-resolve -4 -n "$name" | tr '\t' ' ')"
echo "resolved: $(timeout 10 avahi-resolve -6 -n "$name" | tr '\t' ' ' | sed 's/fe80:.*/link-local/')"
echo "back: $(timeout 10 avahi-resolve -a 10.77.0.2 | tr '\t' ' ')"
echo "back: $(timeout 10 avahi-resolve -a fd77::2 | tr '\t' ' ')"
echo "dig back: $(dig +short -p 5353 @10.77.0.2 -x 10.77.0.2) $(dig +short -p 5353 @10.77.0.2 -x fd77::2)"
echo "dig to one: $(dig +short -p 5353 @10.77.0.2 "$name" A)"
echo "dig ttl: $(dig +noall +answer -p 5353 @10.77.0.2 "$name" A | awk '{ print $2, $3 }')"
echo "no other: $(dig -p 5353 @10.77.0.2 "$name" MX | grep -c 'NSEC')"
echo "nobody: $(dig +time=1 +tries=1 -p 5353 @10.77.0.2 nobody.local A | grep -c 'timed out')"
echo "http: $(curl -s --resolve "$name:80:10.77.0.2" "http://$name/hello")"
sleep 0.5
kill $capture
wait $capture 2>/dev/null || true
said='(ip.src == 10.77.0.2 || ipv6.src == fd77::2 || ipv6.src == fe80::/10) && eth.src != '$here
# Checksums of UDP are completed behind this device; that probes are said again is no mistake.
echo "malformed: $(tshark -r "$folder/pcap" -Y "($said) && (_ws.malformed || (mdns && _ws.expert.severity >= 8388608) || ip.checksum.status == 0 || igmp.checksum.status == 0)" -o ip.check_checksum:TRUE 2>/dev/null | wc -l)"
echo "hops: $(tshark -r "$folder/pcap" -Y "($said) && mdns" -T fields -e ip.ttl -e ipv6.hlim 2>/dev/null | tr -d '\t' | sort -u | tr '\n' ' ')"
echo "groups: $(tshark -r "$folder/pcap" -Y "($said) && igmp" -T fields -e igmp.version -e igmp.maddr 2>/dev/null | sort -u | tr '\t\n' '/ ')$(tshark -r "$folder/pcap" -Y "($said) && icmpv6.type == 143" -T fields -e icmpv6.mldr.mar.multicast_address 2>/dev/null | tr ',' '\n' | grep -c 'ff02::fb')"
