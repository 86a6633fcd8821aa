# site.sh IMAGE FILE: in a network namespace of its own, runs the image on a tap device and asks it with curl. FILE is what style sheet it has to serve.
set -eu
. test/on-tap.sh
site=http://10.77.0.2
ask() { curl -sS -m 10 --noproxy '*' "$@"; }
say() { ask -o /dev/null -w "$1: %{http_code} %{size_download}\n" "$2" ${3+"$3"} ${4+"$4"}; }
same() { if cmp -s "$folder/got" "$2"; then echo "$1: same"; else echo "$1: different"; fi; }

ask "$site/assets/site.css" -o "$folder/got" && same plain "$2"
ask --compressed "$site/assets/site.css" -o "$folder/got" && same compressed "$2"
ask -H 'Accept-Encoding: gzip' "$site/assets/site.css" | gunzip > "$folder/got" && same gzip "$2"
ask -r 0-99 "$site/assets/site.css" -o "$folder/got"
ask -C 100 "$site/assets/site.css" >> "$folder/got" && same "in two parts" "$2"
ask --etag-save "$folder/etag" "$site/about" -o /dev/null
say "not modified" "$site/about" --etag-compare "$folder/etag"
say "since" "$site/about" -z 'Sat, 21 Nov 2026 12:00:00 GMT'
say "nothing" "$site/nothing"
say "post" "$site/" -d hello
ask -L -o /dev/null -w 'redirect: %{http_code} %{url_effective}\n' "$site/blog/about"
ask -o /dev/null -w 'expression: %{http_code} %{redirect_url}\n' "$site/2024/about"
ask -I "$site/health" | tr -d '\r' | grep -v '^$'
ask "$site/health" "$site/health" "$site/health" -o /dev/null -o /dev/null -o /dev/null -w '%{num_connects} '
echo
wget -q -T 10 -r -l 2 -nH --no-proxy -P "$folder/mirror" "$site/" || true
(cd "$folder/mirror" && find . -type f | sort)
cat "$folder/console"
