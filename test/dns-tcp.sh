# dns-tcp.sh IMAGE: in a network namespace of its own, runs the image on a tap device and lets clients that are not ours ask it over TCP.
set -eu
. test/on-tap.sh
at=10.77.0.2
echo "dig: $(dig +tcp +short @$at ns.big.test)"
echo "truncated: $(dig +ignore @$at many.big.test | grep -c 'flags: qr aa tc')"
echo "fallen back: $(dig +short @$at many.big.test | wc -l)"
echo "largest: $(dig +tcp @$at most.big.test | grep 'MSG SIZE')"
echo "keepalive: $(dig +tcp +keepalive @$at ns.big.test | grep 'TCP KEEPALIVE')"
echo "kept open: $(dig +tcp +keepopen +short @$at ns.big.test most.big.test ns.big.test | wc -l)"
echo "kdig: $(kdig +tcp +keepopen +short @$at ns.big.test most.big.test ns.big.test | wc -l)"
echo ns.big.test A > "$folder/questions"
dnsperf -s $at -m tcp -d "$folder/questions" -c 20 -q 200 -n 10000 2>&1 | grep -E 'completed|lost'
cat "$folder/console"
