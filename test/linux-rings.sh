# linux-rings.sh IMAGE DNS-LOAD: in a network namespace of its own, on one end of a pair of devices with long frames: what happens to a packet socket.
set -eu
folder=$(mktemp -d)
trap 'kill $image 2>/dev/null || true; rm -rf "$folder"' EXIT
ip link set lo up
ip link add here mtu 9000 type veth peer name there mtu 9000
ip addr add 10.77.0.1/24 dev here
ip link set here up
spent() { cut -d ' ' -f 1 "/proc/$image/schedstat"; }
pings() { ping -q "$@" 10.77.0.2 | sed -n 's/.* \([0-9]*\) received.*/\1/p'; }
down() { ip link set there down; }
up() { ip link set there up; }

# Its device is down when it starts.
"$1" --interface there > "$folder/console" &
image=$!
for _ in $(seq 100); do
  grep -q eth0 "$folder/console" && break
  sleep 0.1
done
up
# The answer that counts is the first: the way to it may take a while.
dig @10.77.0.2 +short +time=1 +tries=10 www.example.com A
echo "rings: $(grep -c socket: "/proc/$image/maps" || true)"
# Around the rings several times, one by one and many at once.
echo www.example.com > "$folder/names"
"$2" count 10.77.0.2 53 "$folder/names" 1500 1 -
"$2" count 10.77.0.2 53 "$folder/names" 20000 100 -
# Longer than a slot.
echo "long: $(pings -M do -s 6000 -c 2 -i 0.2 -W 1), then $(pings -c 2 -i 0.2)"
down
before=$(spent)
sleep 1
echo "busy while down: $((($(spent) - before) / 10000000)) %"
up
echo "after down: $(dig @10.77.0.2 +short +time=1 +tries=10 www.example.com A)"
# In the midst of frames.
"$2" count 10.77.0.2 53 "$folder/names" 10000000 100 - > /dev/null &
load=$!
for _ in 1 2 3; do
  sleep 0.2
  down
  up
done
kill $load
echo "after many: $(dig @10.77.0.2 +short +time=1 +tries=10 www.example.com A)"
before=$(spent)
sleep 1
echo "busy when idle: $((($(spent) - before) / 10000000)) %"
cat "$folder/console"
kill $image
status=0
wait $image || status=$?
echo "ended with $status"
