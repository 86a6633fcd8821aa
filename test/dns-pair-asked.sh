# Asks both servers of examples/dns, whose router this machine is. Whoever sources it has `start 1` and `start 2`, which start the primary and the secondary, and
# `said 1` and `said 2`, what is on their consoles.
wait_for() { # text, side
  tries=0
  until said "$2" | grep -q "$1" || [ $tries -gt 300 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
}
start 2
wait_for 'wan: 198' 2
echo "before: $(dig @198.51.100.53 www.example.com | grep -o 'status: [A-Z]*')"
start 1
wait_for 'dns: example.com: serial' 2
wait_for 'dns: 2.0.192.in-addr.arpa: serial' 2
echo "forward: $(dig +short @198.51.100.53 www.example.com)"
echo "reverse: $(dig +short @198.51.100.53 -x 192.0.2.53)"
for server in 192.0.2.53 198.51.100.53; do dig +short @$server example.com SOA | cut -d ' ' -f 3; done >/tmp/serials.$$
echo "serials: $(sort -u /tmp/serials.$$ | wc -l)"
rm /tmp/serials.$$
echo "reverse of the office only: $(dig @192.0.2.53 -x 192.0.2.53 | grep -o 'status: [A-Z]*')"
echo "copy for a stranger: $(dig @192.0.2.53 example.com AXFR | grep -c 'Transfer failed')"
said 1
said 2
