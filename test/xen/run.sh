#!/bin/sh
# What dom0 does with the images: each part under a line `## NAME`, which the tests look for.
cd /art
part() { read -r now rest </proc/uptime; echo "## $1 at $now"; }
vif="script=vif-appl,bridge=xenbr0"
guest() { # name, image, memory, words, vif…
  name=$1 image=$2 memory=$3 words=$4
  shift 4
  vifs=""
  for each in "$@"; do vifs="$vifs\"$vif,$each\","; done
  cat >"/tmp/$name.cfg" <<END
name = "$name"
type = "pvh"
kernel = "/art/$image"
memory = $memory
vcpus = 1
extra = "$words"
vif = [$vifs]
tsc_mode = "native"
on_poweroff = "preserve"
on_reboot = "preserve"
on_crash = "preserve"
END
  xl create -q "/tmp/$name.cfg" 2>&1
}
console() { cat "/var/log/xen/console/guest-$1.log"; }
reason() { xl list -v "$1" | awk 'NR > 1 { print "state", $5, "reason", $8 }'; }
reached() { # address
  tries=0
  until ping -c1 -W1 "$1" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 20 ] || return 1
  done
}
ended() { # name: until it is
  tries=0
  until xl list "$1" | grep -q -- ' -*[sc]-* ' || [ $tries -gt 60 ]; do
    tries=$((tries + 1))
    usleep 250000
  done
}
ask() { dig +time=5 +tries=2 "$@"; }

/usr/bin/ip link add xenbr0 type bridge
/usr/bin/ip addr add 10.0.2.2/24 dev xenbr0
/usr/bin/ip addr add 2001:db8::2/64 dev xenbr0 nodad
/usr/bin/ip link set xenbr0 up
/usr/bin/ip link set lo up

part ns1
guest ns1 ns1.xen 8 "" mac=00:16:3e:00:00:01
reached 10.0.2.15 && echo reached
ping -c 3 -i 0.2 10.0.2.15 | grep -c 'ttl=64'
while read -r question; do
  echo "? $question"
  ask +noall +answer +authority @10.0.2.15 $question | sed 's/[[:space:]]\+/ /g'
done <questions
echo "? tcp"
ask +tcp +short @10.0.2.15 www.example.com A

part attach
xl network-detach ns1 0 2>&1
usleep 300000
ping -c1 -W1 10.0.2.15 >/dev/null 2>&1 && echo "still there"
xl network-attach ns1 mac=00:16:3e:00:00:01 $(echo $vif | tr , ' ') 2>&1
reached 10.0.2.15 && echo reached
ask +short @10.0.2.15 www.example.com A

part control
xenstore-write "/local/domain/$(xl domid ns1)/control/shutdown" suspend
usleep 300000
xl shutdown -w ns1 >/dev/null 2>&1
reason ns1
console ns1
xl destroy ns1

part site
guest site site.xen 16 "" mac=00:16:3e:00:00:02
reached 10.0.2.16 && echo reached
(cd site && find . -type f | sort) | while read -r file; do
  for base in http://10.0.2.16 'http://[2001:db8::16]'; do
    curl -s -g -m 20 -o /tmp/got "$base/${file#./}" && cmp /tmp/got "site/${file#./}" && echo "same $base/${file#./}"
  done
done
curl -s -m 20 -i -H 'Range: bytes=0-4' http://10.0.2.16/large.bin | tr -d '\r' | sed -n '1p;/^Content-Range/p'
ping -6 -c 2 2001:db8::16 | grep -c 'ttl=64\|hlim=64\|bytes from'
xl destroy site

part dhcp
mkdir -p /var/lib/misc
dnsmasq --no-daemon --port=0 --interface=xenbr0 --bind-interfaces --dhcp-range=10.0.2.50,10.0.2.60,1h --dhcp-leasefile=/tmp/leases \
  --user=root --log-dhcp >/tmp/dnsmasq 2>&1 &
guest dhcp dhcp.xen 16 "" mac=00:16:3e:00:00:03
tries=0
until [ -s /tmp/leases ] || [ $tries -gt 40 ]; do
  tries=$((tries + 1))
  usleep 250000
done
address=$(awk '{ print $3 }' /tmp/leases)
echo "lease ${address:-none}"
reached "$address" && echo reached
ask +short "@$address" www.example.com A
xl destroy dhcp

part slots
guest slots slots.xen 8 "$(cat words)" mac=00:16:3e:00:00:04
usleep 500000
console slots
xl destroy slots
guest none slots.xen 8 "" mac=00:16:3e:00:00:04
ended none
reason none
console none
xl destroy none

part crash
guest crash crash.xen 8 "" mac=00:16:3e:00:00:04
ended crash
reason crash
console crash
xl destroy crash

part cycles
free() { xl info | awk '/^free_memory/ { print $3 }'; }
used() { awk '/^(MemFree|Slab)/ { print $1 $2 }' /proc/meminfo | tr '\n' ' '; }
guest again ns1.xen 8 "" mac=00:16:3e:00:00:05 && reached 10.0.2.15 && xl destroy again
before=$(free)
echo "before $(used)"
count=0
while [ $count -lt "$(cat cycles)" ]; do
  count=$((count + 1))
  xl create -e -q /tmp/again.cfg && xl destroy again || break
done
usleep 500000
echo "cycles $count, memory of the hypervisor $before $(free), domains $(xl list | wc -l), vifs $(ls -d /sys/class/net/vif* 2>/dev/null | wc -l)"
echo "after $(used)"
part end
