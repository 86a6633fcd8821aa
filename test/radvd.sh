# radvd.sh IMAGE: in a network namespace of its own, with radvd as the router that tells the image of a prefix; then it is asked at the address that it has made.
set -u
folder=$(mktemp -d)
trap 'kill $image $radvd 2>/dev/null || true; rm -rf "$folder"' EXIT
ip link set lo up
sysctl -qw net.ipv6.conf.all.forwarding=1 2> /dev/null || true
ip tuntap add here mode tap
ip -6 addr add 2001:db8:77::1/64 dev here nodad
ip link set here up
cat > "$folder/radvd.conf" <<CONF
interface here {
  AdvSendAdvert on;
  MinRtrAdvInterval 3;
  MaxRtrAdvInterval 10;
  AdvLinkMTU 1400;
  prefix 2001:db8:77::/64 { AdvOnLink on; AdvAutonomous on; };
  RDNSS 2001:db8:77::53 { };
};
CONF
"$1" --tap here > "$folder/console" &
image=$!
radvd -n -C "$folder/radvd.conf" -p "$folder/radvd.pid" -m stderr 2> "$folder/radvd.log" &
radvd=$!
for _ in $(seq 150); do
  grep -q '2001:db8:77:' "$folder/console" && break
  sleep 0.1
done
address=$(grep -o '2001:db8:77:[0-9a-f:]*' "$folder/console" | head -1)
ping -6 -n -q -c 3 -i 0.2 "$address" | grep -o '[0-9] received'
dig -6 +short +time=2 +tries=1 "@$address" ns1.example.com AAAA
curl -sS -m 10 --noproxy '*' "http://[$address]/"
cat "$folder/console" "$folder/radvd.log"
