#!/bin/sh
# Makes and tests the packages on another Debian, in a root of its own. Needs root and debootstrap.
# usage: suite.sh SUITE FOLDER (trixie build/trixie; the folder is kept, and used again)
set -eu
cd "$(dirname "$0")/../.."
suite=$1 root=$2
[ -d "$root/usr" ] || debootstrap --variant=minbase --include=ca-certificates "$suite" "$root"
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT
rm -rf "$root/orgvet"
git clone -q . "$root/orgvet"
[ ! -f build/offline/orgvet.html ] || install -D build/offline/orgvet.html "$root/orgvet/build/offline/orgvet.html"
chroot "$root" sh -c 'cd /orgvet && apt-get update -q && apt-get install -q -y --no-install-recommends make && make setup-deb && apt-get install -q -y --no-install-recommends curl systemd && make deb && tests/deb/run.sh'
