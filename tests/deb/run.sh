#!/bin/bash
# The packages of `make deb` install, run, and leave nothing behind when purged. Needs root, as installing does;
# otherwise the test reports that it was skipped.
set -u
cd "$(dirname "$0")/../.." || exit 2
if [ "$(id -u)" != 0 ]; then
    echo 'deb: skipped: installing a package needs root'
    echo '0 passed, 0 failed'
    exit 0
fi
suite=deb
. tests/check.sh
install_all() {
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        "$PWD"/build/deb/orgvet_*.deb "$PWD"/build/deb/orgvet-server_*.deb "$PWD"/build/deb/liborgvet0_*.deb "$PWD"/build/deb/liborgvet-dev_*.deb
}
# A program of the library, linked to the shared one.
library() {
    # shellcheck disable=SC2046 # the flags are words
    gcc -o "$work/program" tests/api/ten_lines.c $(pkg-config --cflags --libs orgvet) &&
        ldd "$work/program" | grep -q liborgvet.so.0 && "$work/program" | grep '^3:4 OV402 '
}
locked_down() {
    for name in orgvet-server orgvet-server@; do
        unit=$(dpkg -L orgvet-server | grep "$name\.service$") && systemd-analyze verify "$unit" &&
            systemd-analyze security --offline=true --threshold=20 "$unit" || return 1
    done
    [ "$(grep -c '%i' "$unit")" = 3 ]
}
# What the unit starts, as its user and in the folder that systemd would make for it.
serves() {
    install -d -o _orgvet -g _orgvet -m 700 /var/lib/orgvet || return 1
    start=$(sed -n 's/^ExecStart=//p' "$(dpkg -L orgvet-server | grep 'orgvet-server\.service$')")
    [ "$(sed -n 's/^OPTIONS=//p' /etc/default/orgvet-server)" = '"--listen 127.0.0.1:8080"' ] || return 1
    # shellcheck disable=SC2086 # the command of the unit is words
    setpriv --reuid _orgvet --regid _orgvet --clear-groups ${start/'$OPTIONS'/--listen 127.0.0.1:0} >"$work/served" 2>"$work/requests" &
    service=$!
    for _ in $(seq 50); do
        url=$(sed -n 's/^listening on //p' "$work/served")
        [ -z "$url" ] || break
        sleep 0.1
    done
    printf 'idnumber,parent,name\nCEO,,Chief\n' >"$work/positions.csv"
    curl -sf "$url/healthz" && [ "$(stat -c '%U %a' /var/lib/orgvet/admin.token)" = '_orgvet 600' ] &&
        orgvet submit "$work/positions.csv" --site "$url" --token-file /var/lib/orgvet/admin.token
    code=$?
    [ ! -f build/offline/orgvet.html ] || [ "$(curl -s "$url/offline.html" | wc -c)" = "$(wc -c <build/offline/orgvet.html)" ] || code=1
    kill "$service"
    wait "$service" && return "$code"
}
is_gone() {
    ! find /usr /etc /lib /var/lib -name '*orgvet*' -not -path "$PWD/*" | grep .
}
check 'they install' install_all
check 'the command runs' /usr/bin/orgvet check --fail-on never testdata/sample/positions.csv
check 'it has a manual' test -f /usr/share/man/man1/orgvet-check.1.gz
check 'a program is built with the library' library
check 'the service has a user of its own' getent passwd _orgvet
check 'the unit is valid and locked down' locked_down
check 'the service runs as that user' serves
check 'removing keeps the data' apt-get remove -q -y orgvet-server
check 'the token is still there' test -f /var/lib/orgvet/admin.token
check 'they are purged' apt-get purge -q -y orgvet orgvet-server liborgvet0 liborgvet-dev
check 'nothing stays behind' is_gone
echo "$passed passed, $failed failed" # for .ci/run
[ "$failed" = 0 ]
