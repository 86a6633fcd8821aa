#!/bin/sh
# What dom0 measures: first instructions for queries, which the emulator counts whenever it reads `@@count WINDOW-QUERIES-ROUND`; then for each guest lines `NAME MEMORY SECONDS`, from the start of `xl create` to the first answer to a ping; `-` if there was none. The guest `hello` answers nothing: its line is on its console then.
cd /art
/usr/bin/ip link add xenbr0 type bridge
/usr/bin/ip addr add 10.0.2.2/24 dev xenbr0
/usr/bin/ip link set xenbr0 up
now() { read -r now rest </proc/uptime; echo "$now"; }
measure() { # name, kernel, MiB, further lines
  printf 'name = "%s"\ntype = "pvh"\nkernel = "%s"\nmemory = %s\nvcpus = 1\nvif = ["script=vif-xenbr0,mac=00:16:3e:00:00:01"]\ntsc_mode = "native"\n%s\n' \
    "$1" "$2" "$3" "$4" >/tmp/guest.cfg
  begin=$(now)
  xl create -e -q /tmp/guest.cfg >/dev/null 2>&1
  created=$(now)
  reply=$(timeout 20 ping -i 0.02 10.0.2.15 | while read -r line; do case $line in *ttl=*) now; killall ping; break ;; esac; done 2>/dev/null)
  echo "$1 $3 $begin $created ${reply:--}"
  xl destroy "$1" 2>/dev/null
  /usr/bin/ip neigh flush dev xenbr0
  usleep 300000
}
# Between two counts are so many queries, and nothing else for the guest to do.
/usr/bin/ip addr add 10.77.0.1/24 dev xenbr0
printf 'name = "zone"\ntype = "pvh"\nkernel = "/art/zone.xen"\nmemory = 16\nvcpus = 1\nvif = ["script=vif-xenbr0"]\ntsc_mode = "native"\n' >/tmp/zone.cfg
xl create -q /tmp/zone.cfg >/dev/null 2>&1
until ping -c1 -W1 10.77.0.2 >/dev/null 2>&1; do :; done
for window in 1 32; do
  for queries in 0 400 800 0 400 800 0 400 800; do
    round=$((round + 1))
    [ $queries = 0 ] || echo "load $(./dns-load count 10.77.0.2 53 names $queries $window -)"
    sleep 1
    echo "@@count $window-$queries-$round"
    sleep 2
  done
done
xl destroy zone

# A Linux guest of dom0's own kernel, with nothing but what answers.
mkdir -p /tmp/linux/bin /tmp/linux/proc /tmp/linux/lib
cp /bin/busybox /tmp/linux/bin/busybox
cp "$(find /lib/modules -name xen-netfront.ko)" /tmp/linux/lib/
cat >/tmp/linux/init <<'END'
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox insmod /lib/xen-netfront.ko
/bin/busybox ip addr add 10.0.2.15/24 dev eth0
/bin/busybox ip link set eth0 up
while :; do /bin/busybox sleep 1000; done
END
chmod 755 /tmp/linux/init
ln -s busybox /tmp/linux/bin/sh
(cd /tmp/linux && find . | cpio -o -H newc >/tmp/linux.cpio 2>/dev/null)

# What every guest waits for: one that writes a line and switches itself off.
printf 'name = "hello"\ntype = "pvh"\nkernel = "/art/hello"\nmemory = 16\nvcpus = 1\ntsc_mode = "native"\non_poweroff = "preserve"\n' >/tmp/hello.cfg
console=/var/log/xen/console/guest-hello.log
hello() {
  rm -f "$console"
  begin=$(now)
  xl create -e -q /tmp/hello.cfg >/dev/null 2>&1
  created=$(now)
  reply=$(timeout 20 sh -c "until grep -q hello $console 2>/dev/null; do :; done" && now)
  echo "hello 16 $begin $created ${reply:--}"
  xl destroy hello 2>/dev/null
  usleep 300000
}

for round in 1 2 3 4 5; do
  [ $round -gt 3 ] || hello
  measure ns1 /art/ns1.xen 16 ""
  [ $round -gt 2 ] || measure linux /art/vmlinux 160 'ramdisk = "/tmp/linux.cpio"
extra = "console=hvc0 quiet loglevel=4 panic=-1"'
done
for memory in 8 6 5 4 3; do measure ns1 /art/ns1.xen $memory ""; done
