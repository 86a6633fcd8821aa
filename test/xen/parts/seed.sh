more='cpuid = "host,rdrand=0"'
forget
guest guessable ns1.xen 8 "" "$(lan 05)"
reached 10.0.2.15 && echo reached
console guessable | grep 'random numbers'
xl destroy guessable
forget
create=paused
guest seeded ns1.xen 8 "" "$(lan 05)"
create="" more=""
seed=/local/domain/$(xl domid seeded)/vm-data/appl-seed
xenstore-write "$seed" "$(head -c 32 /dev/urandom | base64)"
xenstore-chmod "$seed" n0 "b$(xl domid seeded)"
xl unpause seeded
reached 10.0.2.15 && echo reached
console seeded | grep 'random numbers'
xenstore-exists "$seed" && echo "still there"
xl destroy seeded
