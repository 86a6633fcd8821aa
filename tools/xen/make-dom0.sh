#!/bin/sh
# Makes what boots Xen with a Linux dom0 in QEMU, out of Debian's packages; nothing of them is installed.
#   make-dom0.sh FOLDER   leaves xen, vmlinux and dom0.cpio there
# Wants busybox-static, cpio, kmod, xz-utils, iproute2, and what dom0 asks guests with: dig, curl, dnsmasq.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
mkdir -p "$out"
work=$(mktemp -d "$out/making.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

fetch() {
  # Debian's kernel for clouds cannot be a dom0.
  kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
  [ -n "$kernel" ] && (
    cd packages
    apt-get -qq download "$kernel" xen-hypervisor-4.17-amd64 xen-utils-4.17 xenstore-utils libxencall1 libxendevicemodel1 \
      libxenevtchn1 libxenforeignmemory1 libxengnttab1 libxenhypfs1 libxenmisc4.17 libxenstore4 libxentoolcore1 libxentoollog1 libyajl2
  ) 2>apt
}
mkdir packages files
# What apt knows may be older than what there is, or be changed just now by somebody else.
fetch || { apt-get -qq update 2>/dev/null || sleep 10; fetch; } || {
  echo "Debian's packages of Xen cannot be fetched; run: apt-get update" >&2
  cat apt >&2
  exit 1
}
for package in packages/*.deb; do dpkg -x "$package" files; done
version=${kernel#linux-image-}

# All is left uncompressed: to decompress it would cost the emulator the time.
gunzip -c files/boot/xen-4.17-amd64.gz > xen
word() { od -An -tu4 -j "$2" -N 4 "$1" | tr -d ' '; } # little-endian, of the setup header: Linux, Documentation/arch/x86/boot.rst
image=files/boot/vmlinuz-$version
sectors=$(od -An -tu1 -j 497 -N 1 "$image" | tr -d ' ')
tail -c +$(((sectors + 1) * 512 + $(word "$image" 584) + 1)) "$image" | head -c $(($(word "$image" 588) - 4)) | xz -dc > vmlinux

root=$work/root
mkdir -p root/bin root/sbin root/etc/xen/scripts root/proc root/sys root/dev root/run root/tmp root/root root/art root/usr/sbin root/usr/bin \
  root/var/lib/xen root/var/lib/xenstored root/var/lib/misc root/var/log/xen/console root/var/lock root/lib/modules root/usr/lib/xen-4.17
ln -s ../run root/var/run
cp /bin/busybox root/bin/
for applet in $(/bin/busybox --list); do [ "$applet" = busybox ] || ln -sf busybox "root/bin/$applet"; done
libraries=$work/files/usr/lib/x86_64-linux-gnu:$work/files/usr/lib/xen-4.17/lib/x86_64-linux-gnu
add() { # program, place: with the libraries that it is linked to
  rm -f "$root$2"
  install -D -m755 "$1" "$root$2"
  LD_LIBRARY_PATH=$libraries ldd "$1" 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p;s/^[[:space:]]*\(\/lib64[^ ]*\) .*/\1/p' | while read -r library; do
    case $library in
      /lib64/*) place=$library ;;
      *) place=/usr/lib/x86_64-linux-gnu/$(basename "$library") ;;
    esac
    [ -e "$root$place" ] || install -D -m755 "$(readlink -f "$library")" "$root$place"
  done
}
for program in xl xenstored xenconsoled xen-init-dom0; do add "files/usr/lib/xen-4.17/bin/$program" "/usr/lib/xen-4.17/bin/$program"; done
for program in xl xenstored xenconsoled; do ln -s "../lib/xen-4.17/bin/$program" "root/usr/sbin/$program"; done
add files/usr/bin/xenstore /usr/bin/xenstore
for verb in chmod exists list ls read rm watch write; do ln -s xenstore "root/usr/bin/xenstore-$verb"; done
program() { PATH=/usr/sbin:/sbin:/usr/bin:/bin command -v "$1"; }
for each in ip dig curl dnsmasq; do add "$(readlink -f "$(program $each)")" "/usr/bin/$each"; done
rm -f root/bin/ip
: >root/etc/xen/xl.conf
mkdir -p root/lib root/etc/ssl
ln -s ../usr/lib/x86_64-linux-gnu root/lib/x86_64-linux-gnu
printf 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' > root/etc/passwd
printf 'root:x:0:\nnogroup:x:65534:\ndip:x:30:\n' > root/etc/group

modules=root/lib/modules/$version
mkdir -p "$modules"
cp "files/lib/modules/$version"/modules.builtin "files/lib/modules/$version"/modules.order "$modules/"
for module in xen-privcmd xen-evtchn xen-gntdev xen-gntalloc xenfs xen-netback xen-netfront xen-blkback loop bridge stp llc ipv6 8021q garp mrp; do
  file=$(cd "files/lib/modules/$version" && find kernel -name "$module.ko" | head -1)
  [ -z "$file" ] || install -D -m644 "files/lib/modules/$version/$file" "$modules/$file"
done
depmod -b root "$version"
install -m755 "$here/dom0-init" root/init
for bridge in xenbr0 xenbr1; do install -m755 "$here/vif" "root/etc/xen/scripts/vif-$bridge"; done
install -m755 "$here/block" root/etc/xen/scripts/block
(cd root && find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0) > dom0.cpio
mv xen vmlinux dom0.cpio "$out/"
