# dhcp6.sh COMMAND...: in a network namespace of its own, runs an image on the tap device `here`, whose other end has dnsmasq as the router that leaves addresses to
# DHCPv6, and as the server that gives them, and asks it at the address that it was given. What went over the network is read by tshark.
set -u
folder=$(mktemp -d)
trap 'kill $image $dnsmasq $capture 2>/dev/null || true; rm -rf "$folder"' EXIT
ip link set lo up
sysctl -qw net.ipv6.conf.all.forwarding=1 2> /dev/null || true
ip tuntap add here mode tap
ip -6 addr add 2001:db8:77::1/64 dev here nodad
ip link set here up
tshark -q -i here -w "$folder/pcap" 2> "$folder/capture" &
capture=$!
until grep -q Capturing "$folder/capture"; do sleep 0.1; done
dnsmasq --no-daemon --port=0 --interface=here --bind-interfaces --conf-file=/dev/null --pid-file= \
  --dhcp-leasefile="$folder/leases" --dhcp-range=2001:db8:77::100,2001:db8:77::1ff,64,1h --enable-ra --log-dhcp \
  --dhcp-option=option6:dns-server,[2001:db8:77::53] 2> "$folder/log" &
dnsmasq=$!
"$@" > "$folder/console" &
image=$!
for _ in $(seq 200); do
  grep -q "by DHCPv6" "$folder/console" && break
  sleep 0.1
done
address=$(sed -n 's|.*: \(2001:db8:77::[0-9a-f]*\) by DHCPv6.*|\1|p' "$folder/console" | head -1)
ping -6 -n -q -c 3 -i 0.2 "$address" | grep -o '[0-9] received'
curl -sS -m 10 --noproxy '*' "http://[$address]/"
# Number of the association, address, name.
awk '$3 ~ /:/ { print $2, $3, $4 }' "$folder/leases"
echo "given: $address"
sleep 0.2
kill $capture
wait $capture 2> /dev/null || true
echo "warnings: $(tshark -r "$folder/pcap" -Y '_ws.malformed || _ws.expert.severity >= 6291456' 2> /dev/null | wc -l)"
echo "messages: $(tshark -r "$folder/pcap" -Y dhcpv6 -T fields -e dhcpv6.msgtype 2> /dev/null | tr '\n' ' ')"
tr -d '\r' < "$folder/console"
cat "$folder/log" >&2
