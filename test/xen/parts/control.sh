xenstore-write "/local/domain/$(xl domid ns1)/control/shutdown" suspend
usleep 300000
xl shutdown -w ns1 >/dev/null 2>&1
reason ns1
console ns1
xl destroy ns1
