# disks DEVICE…, each with a target and how it is used
disks() {
  more=""
  for each in "$@"; do more="$more\"format=raw,$each\","; done
  more="disk = [$more]"
}
says() { # name, what, how often
  tries=0
  until [ "$(console "$1" | grep -c "$2")" -ge "$3" ] || [ $tries -gt 100 ]; do
    tries=$((tries + 1))
    usleep 100000
  done
}
cp disk.before /tmp/disk0
cp disk.before /tmp/disk1
losetup /dev/loop0 /tmp/disk0
losetup -r /dev/loop1 /tmp/disk1
disks vdev=xvda,access=rw,target=/dev/loop0 vdev=xvdb,access=ro,target=/dev/loop1
guest disk disk.xen 16 ""
says disk 'disk0 flushed 1' 1
says disk 'disk1 refuses' 1
xl destroy disk
console disk
cmp /tmp/disk0 disk.after && echo "as it was written"
cmp /tmp/disk1 disk.before && echo "as it was"
