#!/bin/sh
# What `make image` made, as root in a chroot: the command, an encoding of iconv, the service, not as root.
# usage: image.sh ROOT
set -u
root=$1
[ "$(id -u)" = 0 ] || { echo 'image: skipped: chroot needs root'; exit 0; }
passed=0 failed=0
check() {
    if [ "$2" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "image: $1 FAILED"; fi
}
inside() { chroot --userspec=65532:65532 "$root" /bin/orgvet "$@"; }
test -z "$(ls "$root/bin" | grep -v '^orgvet$')"
check 'there is no shell' $?
printf 'idnumber,parent,name\nA,,B\374ro\n' >"$root/tmp/it.csv"
inside check --importer positions /tmp/it.csv | grep -q '^1 row, 0 errors'
check 'a file in another encoding' $?
rm "$root/tmp/it.csv"
chroot --userspec=65532:65532 "$root" /bin/orgvet serve --data /data --listen 127.0.0.1:0 >"$root/tmp/said" 2>/dev/null &
service=$!
for _ in $(seq 100); do
    url=$(sed -n 's/^listening on //p' "$root/tmp/said")
    [ -z "$url" ] || break
    sleep 0.1
done
curl -fsS -o /dev/null "$url/"
check 'the service' $?
kill "$service"
wait "$service"
check 'it ends cleanly' $?
rm -rf "$root/data/"* "$root/tmp/"*
echo "image: $passed passed, $failed failed"
[ "$failed" = 0 ]
