# Addresses from dnsmasq, by DHCP and by router advertisements; and a large file over both IPs: netback cuts its segments for whom it does not reach whole.
mkdir -p /var/lib/misc
dnsmasq --no-daemon --port=0 --interface=xenbr0 --bind-dynamic --dhcp-range=10.0.2.50,10.0.2.60,1h --dhcp-range=2001:db8::,ra-only --enable-ra \
  --dhcp-leasefile=/tmp/leases --user=root --log-dhcp >/tmp/dnsmasq 2>&1 &
guest large large.xen 16 "" "$(lan 03)"
tries=0
until console large | grep -q '2001:db8' && [ -s /tmp/leases ] || [ $tries -gt 40 ]; do
  tries=$((tries + 1))
  usleep 250000
done
address=$(awk '/^[0-9]/ { print $3; exit }' /tmp/leases)
echo "lease ${address:-none}"
address6=$(console large | grep -o '2001:db8:[0-9a-f:]*' | tail -1)
counter() { cat "/sys/class/net/vif$(xl domid large).0/statistics/rx_$1"; }
for base in "http://$address" "http://[$address6]"; do
  bytes=$(counter bytes) packets=$(counter packets)
  curl -s -g -m 20 -o /tmp/got "$base/large.bin" && cmp /tmp/got site/large.bin && echo "same $base"
  echo "in a packet $((($(counter bytes) - bytes) / ($(counter packets) - packets)))"
done
ping -6 -c 2 "$address6" | grep -c 'ttl=64\|hlim=64\|bytes from'
xl destroy large
