#!/bin/sh
# Two builds in two folders are the same bytes; the library needs the engine's libraries alone; what
# is built is hardened. Adding up to a minute, it builds the engine only.
# usage: run.sh BUILD_FOLDER (of a release build; with MAKE in the environment)
set -u
cd "$(dirname "$0")/../.." || exit 2
build=$1
suite=build
. tests/check.sh
twice() {
    for folder in a a/longer/name; do
        mkdir -p "$work/$folder/tree" && tar -c --exclude=./build --exclude=./.git . | tar -x -C "$work/$folder/tree" || return 1
        ${MAKE:-make} --no-print-directory -j2 -C "$work/$folder/tree" ENGINE=1 build || return 1
    done
}
needs() {
    needed=$(readelf -d "$build/liborgvet.so" 2>/dev/null || readelf -d "$build"/liborgvet.so.*)
    needed=$(echo "$needed" | sed -n 's/.*NEEDED.*\[\(.*\)\.so\..*/\1/p' | sort | tr '\n' ' ')
    echo "$needed"
    [ "$needed" = 'libc libcjson libcsv libexpat libnettle libpcre2-8 libuchardet libutf8proc libxlsxwriter libzip ' ]
}
hardened() {
    readelf -d "$build/orgvet" | grep -q 'BIND_NOW\|NOW' && readelf -h "$build/orgvet" | grep -q 'DYN' &&
        readelf -s "$build/orgvet" | grep -q '__stack_chk_fail' && readelf -s "$build/orgvet" | grep -q '_chk@'
}
check 'two folders' twice
for file in orgvet liborgvet.a "$(basename "$build"/liborgvet.so.*)"; do
    check "the same bytes: $file" cmp "$work/a/tree/build/release-engine/$file" "$work/a/longer/name/tree/build/release-engine/$file"
done
check 'the library needs the engine alone' needs
check 'the command is hardened' hardened
finish
