guest slots slots.xen 8 "$(cat words)" "$(lan 05)"
usleep 500000
console slots
xl destroy slots
guest none slots.xen 8 "" "$(lan 05)"
ended none
reason none
console none
xl destroy none
