# transfers.sh IMAGE KEY: in a network namespace of its own, runs the image on a tap device between NSD and Knot, each of which copies a zone from it and has
# one that it copies. KEY is a file with the secret of `xfr.` in base64.
set -eu
image_file=$1
key_file=$2
folder=$(mktemp -d)
trap 'kill $image $nsd $knot 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
image=
nsd=
knot=
at=10.77.0.2
ip link set lo up
ip tuntap add here mode tap
for address in 10.77.0.1 10.77.0.3; do ip addr add $address/24 dev here; done
ip link set here up
mkdir "$folder/nsd" "$folder/knot"
zone() { # name, serial, what www is
  echo "\$ORIGIN $1."
  echo '$TTL 300'
  echo "@ SOA ns hostmaster $2 3600 900 1209600 300"
  echo '@ NS ns'
  echo 'ns A 10.77.0.9'
  echo "www A $3"
  for n in $(seq 400); do echo "host$n A 10.1.0.1"; echo "host$n MX 10 www"; done
}
zone n.test 1 10.0.0.1 > "$folder/nsd/n.zone"
zone k.test 1 10.0.0.1 > "$folder/knot/k.zone"
cat > "$folder/nsd.conf" <<END
server:
  ip-address: 10.77.0.1
  server-count: 1
  username: ""
  database: ""
  zonesdir: "$folder/nsd"
  pidfile: "$folder/nsd/pid"
  zonelistfile: "$folder/nsd/zone.list"
  xfrdfile: "$folder/nsd/xfrd.state"
  xfrdir: "$folder/nsd"
remote-control:
  control-enable: no
key:
  name: xfr
  algorithm: hmac-sha256
  secret: "$(cat "$key_file")"
zone:
  name: n.test
  zonefile: n.zone
  provide-xfr: $at xfr
  notify: $at xfr
zone:
  name: p.test
  request-xfr: $at xfr
  allow-notify: $at xfr
END
cat > "$folder/knot.conf" <<END
server:
    rundir: $folder/knot
    listen: 10.77.0.3@53
database:
    storage: $folder/knot
key:
  - id: xfr
    algorithm: hmac-sha256
    secret: $(cat "$key_file")
remote:
  - id: image
    address: $at@53
    via: 10.77.0.3
    key: xfr
acl:
  - id: image
    address: $at
    key: xfr
    action: [transfer, notify]
template:
  - id: default
    storage: $folder/knot
    semantic-checks: off
zone:
  - domain: k.test
    file: k.zone
    zonefile-load: difference
    journal-content: changes
    notify: image
    acl: image
  - domain: p.test
    master: image
    acl: image
END
until_is() { # wanted, command…
  wanted=$1
  shift
  for _ in $(seq 200); do
    got=$("$@" 2>/dev/null | head -1) || true
    [ "$got" = "$wanted" ] && break
    sleep 0.1
  done
  echo "$got"
}
short() { dig +short +time=1 +tries=1 "@$1" "$2" "$3"; }
# It begins before those whom it copies from are there.
"$image_file" --tap here --secret "tsig/xfr=$key_file" > "$folder/console" & image=$!
for _ in $(seq 100); do
  grep -q eth0 "$folder/console" && break
  sleep 0.1
done
echo "before: $(dig +time=1 +tries=1 @$at www.n.test | grep -o 'status: [A-Z]*')"
nsd -d -c "$folder/nsd.conf" > "$folder/nsd.log" 2>&1 & nsd=$!
knotd -c "$folder/knot.conf" > "$folder/knot.log" 2>&1 & knot=$!
echo "from nsd: $(until_is 10.0.0.1 short $at www.n.test A)"
echo "from knot: $(until_is 10.0.0.1 short $at www.k.test A)"
echo "to nsd: $(until_is 10.9.9.9 short 10.77.0.1 www.p.test A)"
echo "to knot: $(until_is 10.9.9.9 short 10.77.0.3 www.p.test A)"
echo "records of a copy: $(dig +onesoa +noall +answer @$at -b 10.77.0.1 -y "hmac-sha256:xfr:$(cat "$key_file")" p.test AXFR | grep -vc TSIG)"
# Changes: NSD tells of them and is asked for the whole, Knot gives what has changed.
zone n.test 2 10.0.0.2 > "$folder/nsd/n.zone"
kill -HUP $nsd
echo "changed by nsd: $(until_is 10.0.0.2 short $at www.n.test A)"
zone k.test 2 10.0.0.2 > "$folder/knot/k.zone"
knotc -c "$folder/knot.conf" -b zone-reload k.test > /dev/null
echo "changed by knot: $(until_is 10.0.0.2 short $at www.k.test A)"
echo "by steps: $(grep -c 'IXFR, outgoing.*serial 1 -> 2' "$folder/knot.log")"
echo "all of it: $(dig +short +tcp @$at host400.k.test MX) $(short $at host400.n.test A)"
echo "signed question: $(dig +noall +comments -y "hmac-sha256:xfr:$(cat "$key_file")" @$at www.p.test | grep -c 'status: NOERROR')"
echo "another secret: $(dig +noall +comments -y hmac-sha256:xfr:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= @$at www.p.test 2>&1 | grep -o 'status: [A-Z]*')"
cat "$folder/console"
