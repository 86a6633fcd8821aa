# goodput.sh IMAGE ROOT LINK FLOWS SECONDS SEED: how many bytes FLOWS transfers at once fetch in SECONDS over a link of 50 ms each way that loses 1 %, from the appliance
# and, over another such link at the same time, from nginx on this kernel with CUBIC. In a namespace of its own. Says two numbers.
set -eu
image=$1 root=$2 link=$3 flows=$4 seconds=$5 seed=$6
folder=$(mktemp -d)
started=""
trap 'kill $started 2>/dev/null || true; rm -rf "$folder"' EXIT
ip link set lo up
# Each side of a link is a namespace; `unshare` keeps a process in it to which devices are given.
space() { unshare -n sleep 1000 & eval "$1=$!"; started="$started $!"; }
plain() { nsenter -n -t "$1" ethtool -K "$2" tso off gso off gro off tx off rx off > /dev/null 2>&1; }
for each in a b; do
  space server_$each
  space client_$each
  eval server=\$server_$each client=\$client_$each
  sleep 0.2
  ip link add s$each type veth peer name sl$each
  ip link add c$each type veth peer name cl$each
  for device in sl$each cl$each; do ethtool -K $device tso off gso off gro off tx off rx off > /dev/null 2>&1; ip link set $device up; done
  ip link set s$each netns "$server"
  ip link set c$each netns "$client"
  plain "$server" s$each
  plain "$client" c$each
  nsenter -n -t "$server" ip link set s$each up
  nsenter -n -t "$client" ip link set c$each up
  nsenter -n -t "$client" ip addr add 10.88.0.1/24 dev c$each
  "$link" sl$each cl$each 50 1 "$seed" > "$folder/link" &
  started="$started $!"
done
nsenter -n -t "$server_a" "$image" --interface sa > "$folder/console" &
started="$started $!"
nsenter -n -t "$server_b" ip addr add 10.88.0.2/24 dev sb
nsenter -n -t "$server_b" ip route replace 10.88.0.0/24 dev sb src 10.88.0.2 congctl cubic
cat > "$folder/nginx.conf" <<CONF
user root;
worker_processes 1;
daemon off;
pid $folder/pid;
error_log stderr crit;
events { worker_connections 1000; }
http { access_log off; sendfile on; client_body_temp_path $folder/t; proxy_temp_path $folder/t; fastcgi_temp_path $folder/t; uwsgi_temp_path $folder/t; scgi_temp_path $folder/t
; server { listen 10.88.0.2:80; root $root; } }
CONF
nsenter -n -t "$server_b" nginx -c "$folder/nginx.conf" -p "$folder" &
started="$started $!"
sleep 3
pids=""
for each in a b; do
  eval client=\$client_$each
  for n in $(seq "$flows"); do
    nsenter -n -t "$client" curl -s --noproxy '*' -m "$seconds" -o /dev/null -w '%{size_download}\n' http://10.88.0.2/large.bin >> "$folder/$each" &
    pids="$pids $!"
  done
done
wait $pids || true
for each in a b; do awk '{ sum += $1 } END { print sum }' "$folder/$each"; done
