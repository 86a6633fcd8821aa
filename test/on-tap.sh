# on-tap.sh IMAGE: for scripts to read in. In a network namespace of its own it runs the image on a tap device and waits until that is known; its console
# is in "$folder/console".
folder=$(mktemp -d)
trap 'kill $image 2>/dev/null || true; rm -rf "$folder"' EXIT
ip link set lo up
ip tuntap add here mode tap
ip addr add 10.77.0.1/24 dev here
ip link set here up
"$1" --tap here > "$folder/console" &
image=$!
for _ in $(seq 100); do
  grep -q eth0 "$folder/console" && break
  sleep 0.1
done
