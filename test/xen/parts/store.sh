create=paused
guest store slots.xen 8 "appl.net/address=10.0.0.2/24" "$(lan 05)"
create=""
home=/local/domain/$(xl domid store)/vm-data
while read -r slot value; do xenstore-write "$home/appl/$slot" "$value"; done <values
xenstore-chmod -r "$home/appl" n0 "b$(xl domid store)"
xenstore-write "$home/appl-seed" 0123456789abcdef0123456789abcdef
xl unpause store
usleep 500000
console store
xenstore-ls "$home"
xl destroy store
