# tcp.sh IMAGE: in a network namespace of its own, runs the image on a tap device and lets clients of this machine's TCP ask it.
set -eu
. test/on-tap.sh
node test/tcp-client.mjs 10.77.0.2
cat "$folder/console"
