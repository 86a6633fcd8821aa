free() { xl info | awk '/^free_memory/ { print $3 }'; }
used() { awk '/^(MemFree|Slab)/ { print $1 $2 }' /proc/meminfo | tr '\n' ' '; }
forget
guest again ns1.xen 8 "" "$(lan 07)"; reached 10.0.2.15 && xl destroy again
before=$(free)
echo "before $(used)"
count=0
while [ $count -lt "$(cat cycles)" ]; do
  count=$((count + 1))
  xl create -e -q /tmp/again.cfg >/dev/null 2>&1 && xl destroy again || break
done
usleep 500000
echo "cycles $count, memory of the hypervisor $before $(free), domains $(xl list | wc -l), vifs $(ls -d /sys/class/net/vif* 2>/dev/null | wc -l)"
echo "after $(used)"
