#!/bin/sh
# The package of `make deb` installs, runs, and leaves nothing behind when removed. Needs root;
# otherwise the test reports that it was skipped.
set -u
cd "$(dirname "$0")/../.." || exit 2
if [ "$(id -u)" != 0 ]; then
    echo 'deb: skipped: installing a package needs root'
    echo '0 passed, 0 failed'
    exit 0
fi
passed=0
failed=0
check() {
    name=$1
    shift
    if "$@" >/dev/null 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "deb: $name FAILED"
    fi
}
is_gone() {
    [ -z "$(find /usr/bin /usr/share /usr/lib -name '*orgvet*' | grep -v "^$PWD")" ]
}
check 'it installs' dpkg -i build/deb/orgvet_*.deb
check 'it runs' /usr/bin/orgvet check --fail-on never testdata/sample/positions.csv
check 'it has a manual' test -f /usr/share/man/man1/orgvet-check.1.gz
check 'it is removed' dpkg --purge orgvet
check 'nothing stays behind' is_gone
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
