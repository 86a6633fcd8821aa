# operations.sh IMAGE: in a network namespace of its own, runs the image on a tap device, and has what it tells read by other people's programs.
set -eu
. test/on-tap.sh
at=10.77.0.2
dig +short @$at www.example.com
dig +short @$at nobody.example.com
dig +tcp +short @$at www.example.com
curl -s http://$at/hello
curl -s -o /dev/null http://$at/nothing
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
tr -d '\r' < "$folder/console"
