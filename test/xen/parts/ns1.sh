guest ns1 ns1.xen 8 "" "$(lan 01)"
reached 10.0.2.15 && echo reached
ping -c 3 -i 0.2 10.0.2.15 | grep -c 'ttl=64'
# Everything in one packet and in several.
ping -c 1 -s 8000 10.0.2.15 | grep -c 'ttl=64'
while read -r words; do
  echo "? $words"
  ask @10.0.2.15 $words
done <questions
echo "? tcp"
ask +tcp +short @10.0.2.15 www.example.com A
