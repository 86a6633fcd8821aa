xl network-detach ns1 0 2>&1
usleep 300000
ping -c1 -W1 10.0.2.15 >/dev/null 2>&1 && echo "still there"
xl network-attach ns1 $(lan 01 | tr , ' ') 2>&1
reached 10.0.2.15 && echo reached
ask +short @10.0.2.15 www.example.com A
