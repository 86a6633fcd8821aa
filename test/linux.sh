# linux.sh IMAGE DEVICE: in a network namespace of its own, runs the image on a tap device or on one end of a pair, and asks it with ping and dig.
# With PINGS it is pinged so often, slowly, and nothing else.
set -eu
folder=$(mktemp -d)
trap 'kill $image 2>/dev/null || true; rm -rf "$folder"' EXIT
ip link set lo up
case "$2" in
tap)
  ip tuntap add here mode tap
  set -- "$1" --tap here
  ;;
pair)
  ip link add here type veth peer name there
  ip link set there up
  set -- "$1" --interface there
  ;;
esac
ip addr add 10.77.0.1/24 dev here
ip link set here up
"$@" > "$folder/console" &
image=$!
for _ in $(seq 100); do
  grep -q eth0 "$folder/console" && break
  sleep 0.1
done
if [ -n "${PINGS:-}" ]; then
  ping -c "$PINGS" -i 1.5 10.77.0.2
else
  ping -c 5 -i 0.2 10.77.0.2
  ping -c 3 -i 0.2 -s 1400 10.77.0.2
  # Longer than a packet: put together by both sides.
  ping -c 3 -i 0.2 -s 3000 10.77.0.2
  ping -c 2 -i 0.2 -s 8000 10.77.0.2
  dig @10.77.0.2 +short +time=2 www.example.com A
  # A port without a service answers with an ICMP error, which the socket reports as refused.
  dig @10.77.0.2 -p 9 +time=1 +tries=1 www.example.com A 2>&1 | grep -q "connection refused" && echo "port 9: refused" || echo "port 9: silent"
fi
cat "$folder/console"
# Without its device it has nothing to do. That one of a pair is gone, and not down, nothing tells it.
if [ "$2" = --tap ]; then ip link del here; else kill $image; fi
status=0
wait $image || status=$?
echo "ended with $status"
