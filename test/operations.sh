# operations.sh IMAGE: in a network namespace of its own, runs the image on a tap device, and has what it tells read by other people's programs: rsyslogd for its
# log, Prometheus' tool and its client's parser for numbers, tshark for what goes over the network.
set -eu
folder=$(mktemp -d)
trap 'kill $image $syslog $capture 2>/dev/null || true; rm -rf "$folder"' EXIT
ip link set lo up
ip tuntap add here mode tap
ip addr add 10.77.0.1/24 dev here
ip link set here up
cat > "$folder/rsyslog" <<END
module(load="imudp")
input(type="imudp" port="514")
module(load="imtcp")
input(type="imtcp" port="514")
template(name="lines" type="string" string="%syslogfacility-text%.%syslogseverity-text% %hostname% %app-name%%structured-data:R,ERE,1,BLANK:( )--end%%msg%\n")
action(type="omfile" file="$folder/told" template="lines")
END
rsyslogd -n -f "$folder/rsyslog" -i "$folder/pid" &
syslog=$!
tshark -q -i here -w "$folder/pcap" 2> "$folder/capture" &
capture=$!
until grep -qs Capturing "$folder/capture"; do sleep 0.1; done
# Port 514 in hexadecimal. rsyslogd writes the file with its number before it listens.
until grep -q ':0202 ' /proc/net/udp && grep -q ':0202 ' /proc/net/tcp; do sleep 0.1; done
until awk 'NR > 1 && $6 == 1 { found = 1 } END { exit !found }' /proc/net/packet; do sleep 0.1; done
"$1" --tap here > "$folder/console" &
image=$!
for _ in $(seq 100); do
  grep -q eth0 "$folder/console" && break
  sleep 0.1
done
at=10.77.0.2
dig +short @$at www.example.com
dig +short @$at nobody.example.com
dig +tcp +short @$at www.example.com
echo "version: $(dig +short @$at version.bind CH TXT)"
curl -s http://$at/hello
curl -s -o /dev/null -A 'a "b\c' "http://$at/no%0athing"
curl -s http://$at:9100/metrics > "$folder/plain"
promtool check metrics < "$folder/plain" && echo "promtool: content"
curl -s -H 'Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5' http://$at:9100/metrics > "$folder/open"
/usr/bin/python3 - "$folder/open" <<'END'
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
values = {}
for family in text_string_to_metric_families(open(sys.argv[1]).read()):
    for sample in family.samples:
        values[sample.name + "".join("," + value for value in sample.labels.values())] = sample.value
for name in ["appl_dns_queries_total,udp", "appl_dns_queries_total,tcp", "appl_dns_responses_total,NXDOMAIN", "appl_http_responses_total,2xx", "appl_http_responses_total,4xx"]:
    print(name, int(values[name]))
END
echo "contents: $(sed -n 's/^appl_build_info.*contents="\(.*\)".*/\1/p' "$folder/open")"
echo "health: $(curl -s -w '%{http_code}' http://$at:9100/healthz | tr '\n' ' ')"
for _ in $(seq 100); do
  [ "$(cat "$folder/told" 2>/dev/null | wc -l)" -ge 5 ] && break
  sleep 0.1
done
# What tshark has not written yet.
sleep 0.5
kill $capture
wait $capture 2>/dev/null || true
echo "malformed: $(tshark -r "$folder/pcap" -Y '_ws.malformed || (syslog && _ws.expert.severity >= 6291456)' 2>/dev/null | wc -l)"
echo "told in:$(tshark -r "$folder/pcap" -Y 'syslog && udp' -T fields -e syslog.facility -e syslog.level 2>/dev/null | tr '\t\n' './' | sed 's/^/ /')"
cat "$folder/told"
echo console:
tr -d '\r' < "$folder/console"
