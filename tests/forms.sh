#!/bin/sh
# Runs the suites of the local commands with another form of orgvet: the static binary, or the npm package.
# usage: forms.sh ORGVET FORM…   FORM: as in tests/golden/run.sh; FORM_SEEDS: how many random files
set -u
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
export LC_ALL=C.UTF-8 ENGINE=1
orgvet=$(realpath "$1")
shift
export FORM="$*"
cd "$(dirname "$0")/.." || exit 2
PYTHON=${PYTHON:-/usr/bin/python3}
SHARED=${SHARED:-../shared}
seeds=${FORM_SEEDS:-10}
. tests/tally.sh

run tests/golden/run.sh "$orgvet"
# the scanner of WebAssembly, which is the one it takes by itself, against the other readers
if printf 'a\n' | "$orgvet" records --reader wasm_simd128 - >/dev/null 2>&1; then
    as=$(mktemp -d)
    trap 'rm -rf "$as"' EXIT
    for reader in wasm_simd128 libcsv plain; do
        tests/with_reader.sh "$orgvet" "$reader" >"$as/$reader" && chmod +x "$as/$reader"
        run "$PYTHON" tests/model/compare.py "$as/$reader" 1 "$((seeds * 10))"
    done
    run tests/golden/run.sh "$as/libcsv"
fi
run "$PYTHON" tests/report/run.py "$orgvet" "$SHARED"
run "$PYTHON" tests/model/compare.py "$orgvet" 1 "$seeds"
run "$PYTHON" tests/payload/run.py "$orgvet" "$seeds" "$SHARED"
run "$PYTHON" tests/payload/diff.py "$orgvet" "$seeds"
run "$PYTHON" tests/payload/fix.py "$orgvet" "$seeds"
run "$PYTHON" tests/config/run.py "$orgvet"
run "$PYTHON" tests/book/run.py "$orgvet"
finish
