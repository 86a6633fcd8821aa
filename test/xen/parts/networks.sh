# A guest with two devices, of which one carries two networks.
/usr/bin/ip addr add 10.77.0.1/24 dev xenbr0
/usr/bin/ip addr add 10.78.0.1/24 dev xenbr0
/usr/bin/ip link add link xenbr0 name guests type vlan id 7
/usr/bin/ip addr add 10.79.0.1/24 dev guests
/usr/bin/ip addr add 2001:db8:79::1/64 dev guests nodad
/usr/bin/ip link add xenbr1 address 02:00:00:00:00:02 type bridge
/usr/bin/ip addr add 10.80.0.1/24 dev xenbr1
for each in guests xenbr1; do /usr/bin/ip link set $each up; done
guest networks networks.xen 16 "" "$(lan 20)" "$(other 21)"
reached 10.77.0.2
for each in 10.77.0.2 10.77.0.3 10.78.0.2 10.79.0.2 10.80.0.2 2001:db8:79::2; do
  ping -c 2 -s 1472 $each | grep -o '[0-9] packets received'
  ask +short @$each ns1.example.com A
  case $each in *:*) host="[$each]" ;; *) host=$each ;; esac
  curl -sS -g -m 10 "http://$host/" 2>&1
done
# Of what chargen says more is cut than fits into a frame.
for each in 10.79.0.2 10.80.0.2; do nc "$each" 19 </dev/null | wc -c; done
echo "$(xl network-list networks | wc -l) lines of devices"
console networks
xl destroy networks
