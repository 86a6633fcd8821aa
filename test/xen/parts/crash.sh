guest crash crash.xen 8 "" "$(lan 06)"
ended crash
reason crash
console crash
xl destroy crash
