# ipv6.sh IMAGE: in a network namespace of its own, runs the image on a tap device and asks it over IPv6 with programs of this machine, the kernel being
# the other side.
set -eu
here=2001:db8:77::1
appliance=2001:db8:77::2
folder=$(mktemp -d)
trap 'kill $image 2>/dev/null || true; rm -rf "$folder"' EXIT
ip link set lo up
ip tuntap add here mode tap
ip -6 addr add $here/64 dev here nodad
ip link set here up
"$1" --tap here > "$folder/console" &
image=$!
for _ in $(seq 100); do
  grep -q fe80 "$folder/console" && break
  sleep 0.1
done
ping -6 -n -q -c 3 -i 0.2 $appliance | grep received
ping -6 -n -q -c 1 -s 4000 $appliance | grep received
ping -6 -n -q -c 1 "$(grep -o 'fe80:[0-9a-f:]*' "$folder/console")%here" | grep received
dig -6 +short +time=2 +tries=1 @$appliance ns1.example.com AAAA
dig -6 +tcp +short +time=2 +tries=1 @$appliance ns1.example.com AAAA
dig -6 +time=2 +tries=1 @$appliance -p 54 ns1.example.com 2>&1 | grep -o 'connection refused' | head -1
curl -sS -m 10 --noproxy '*' "http://[$appliance]/"
node test/tcp-client.mjs $appliance
ip -6 neigh show to $appliance | grep -o 'lladdr'
cat "$folder/console"
