#!/bin/sh
# Tests the variants of the scanner: those this processor supports, and NEON in an emulator if a
# cross compiler and an emulator are installed (Debian: gcc-aarch64-linux-gnu,
# libc6-dev-arm64-cross, qemu-user); otherwise NEON is untested, and a message is printed. The last
# line is "scan: N passed, N failed".
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

try() {
    echo "$1:"
    shift
    "$@" >"$work/out" 2>&1
    code=$?
    cat "$work/out"
    p=$(sed -n 's/^\([0-9]*\) passed, .*/\1/p' "$work/out")
    f=$(sed -n 's/.* passed, \([0-9]*\) failed$/\1/p' "$work/out")
    [ "$code" = 0 ] || [ "${f:-0}" != 0 ] || f=1
    passed=$((passed + ${p:-0}))
    failed=$((failed + ${f:-1}))
}

sources="tests/simd/scan.c src/csv/scan.c"
# shellcheck disable=SC2086
if ${CC:-gcc} -std=c17 -O2 -Isrc $sources -o "$work/here"; then
    try "this processor" "$work/here"
else
    failed=1
fi
if command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64 >/dev/null; then
    # shellcheck disable=SC2086
    if aarch64-linux-gnu-gcc -std=c17 -O2 -static -Isrc $sources -o "$work/arm"; then
        try "aarch64 in qemu" qemu-aarch64 "$work/arm"
        grep -q '^neon: as plain C' "$work/out" || failed=$((failed + 1))
    else
        failed=$((failed + 1))
    fi
else
    echo "NEON is skipped: there is no aarch64-linux-gnu-gcc or no qemu-aarch64"
fi
echo "scan: $passed passed, $failed failed"
[ "$failed" = 0 ]
