# dhcp.sh IMAGE: in a network namespace of its own, runs the image on a tap device whose other end has dnsmasq as DHCP server, and asks it at the address that
# it was given. What went over the network is read by tshark.
set -eu
folder=$(mktemp -d)
trap 'kill $image $dnsmasq $capture 2>/dev/null || true; rm -rf "$folder"' EXIT
ip link set lo up
ip tuntap add here mode tap
ip addr add 10.77.0.1/24 dev here
ip link set here up
tshark -q -i here -w "$folder/pcap" 2> "$folder/capture" &
capture=$!
# T1 after three seconds, so that a renewal is seen.
dnsmasq --no-daemon --port=0 --interface=here --bind-interfaces --conf-file=/dev/null --pid-file= \
  --dhcp-leasefile="$folder/leases" --dhcp-range=10.77.0.50,10.77.0.60,2m --dhcp-authoritative --log-dhcp \
  --dhcp-option=option:T1,3 --dhcp-option=option:T2,60 --dhcp-option=option:mtu,1400 --dhcp-option=option:router,10.77.0.1 \
  --dhcp-option=option:dns-server,10.77.0.1 --dhcp-option=option:domain-name,example.org 2> "$folder/log" &
dnsmasq=$!
until grep -q Capturing "$folder/capture"; do sleep 0.1; done
# It says so before its socket takes packets: the column R of packet(7)'s table tells when that is.
until awk 'NR > 1 && $6 == 1 { found = 1 } END { exit !found }' /proc/net/packet; do sleep 0.1; done
"$1" --tap here > "$folder/console" &
image=$!
for _ in $(seq 100); do
  grep -q "by DHCP" "$folder/console" && break
  sleep 0.1
done
address=$(sed -n 's|.*: \(10\.77\.0\.[0-9]*\)/24 by DHCP.*|\1|p' "$folder/console" | head -1)
dig +short +time=2 +tries=3 "@$address" www.example.com
sleep 5
dig +short +time=2 +tries=3 "@$address" www.example.com
cut -d ' ' -f 4 "$folder/leases"
echo "acknowledged: $(grep -c 'DHCPACK(here)' "$folder/log")"
sleep 0.2
kill $capture
wait $capture 2>/dev/null || true
echo "warnings: $(tshark -r "$folder/pcap" -Y '_ws.malformed || _ws.expert.severity >= 6291456' 2>/dev/null | wc -l)"
echo "messages: $(tshark -r "$folder/pcap" -Y dhcp -T fields -e dhcp.option.dhcp 2>/dev/null | tr '\n' ' ')"
tr -d '\r' < "$folder/console"
