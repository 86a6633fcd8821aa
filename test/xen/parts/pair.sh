# Both servers of the example on one bridge; between their networks dom0 is the router.
/usr/bin/ip addr add 192.0.2.1/24 dev xenbr0
/usr/bin/ip addr add 198.51.100.1/24 dev xenbr0
echo 1 >/proc/sys/net/ipv4/ip_forward
for each in all xenbr0; do echo 0 >/proc/sys/net/ipv4/conf/$each/send_redirects; done
start() { guest "pair$1" "pair$1.xen" 16 "appl.tsig/xfr=$(cat key)" "$(lan "1$1")"; }
said() { console "pair$1" 2>/dev/null; }
. ./dns-pair-asked.sh
xl destroy pair1
xl destroy pair2
