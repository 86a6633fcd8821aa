#!/bin/sh
# What dom0 does with the images: the parts, each in a file of its own, and what it says under a line `## NAME`, which the tests look for.
cd /art
part() { read -r now rest </proc/uptime; echo "## $1 at $now"; }
# A network device on the first bridge, and one on the second; the last byte of their address.
lan() { echo "script=vif-xenbr0,mac=00:16:3e:00:00:$1"; }
other() { echo "script=vif-xenbr1,mac=00:16:3e:00:00:$1"; }
more="" # lines of a guest's configuration
create="" # paused: the guest does not begin yet
guest() { # name, image, memory, words, device…
  name=$1 image=$2 memory=$3 words=$4
  shift 4
  vifs=""
  for each in "$@"; do vifs="$vifs\"$each\","; done
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
$more
END
  xl create -q ${create:+-p} "/tmp/$name.cfg" 2>&1 | grep -v 'tsc mode'
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
  until xl list "$1" | awk 'NR > 1 { exit $5 !~ /[sc]/ }' || [ $tries -gt 60 ]; do
    tries=$((tries + 1))
    usleep 250000
  done
}
ask() { dig +time=5 +tries=2 "$@"; }
# From a guest just gone there may be another one's address.
forget() { /usr/bin/ip neigh flush dev xenbr0; }

# With an address of its own: one of a device that comes and goes would come and go.
/usr/bin/ip link add xenbr0 address 02:00:00:00:00:01 type bridge
/usr/bin/ip addr add 10.0.2.2/24 dev xenbr0
/usr/bin/ip addr add 2001:db8::2/64 dev xenbr0 nodad
/usr/bin/ip link set xenbr0 up
/usr/bin/ip link set lo up

for step in $(cat steps); do
  part $step
  . "./parts/$step.sh"
done
part end

