forget
guest www www.xen 16 "" "$(lan 02)"
reached 10.0.2.15
number=0
while read -r words; do
  folder=/tmp/got$number number=$((number + 1))
  mkdir $folder
  words=$(echo "$words" | sed "s,SITE,http://10.0.2.15,g;s,FOLDER,$folder,g")
  echo "? $(cut -d ' ' -f 1 /proc/uptime)"
  { curl -sS -m 60 $words; cat $folder/*; } 2>/dev/null | base64
done <requests
xl destroy www
