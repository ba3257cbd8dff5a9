#!/bin/sh
# Golden cases: testdata/cases/NAME/ holds `args` (shell words after the command, run in that folder)
# and what must come of it: expected.stdout, expected.stderr, exit; `locale`, if it is there, is that
# of the run. With --update they are rewritten, and the difference is to be read. Then testdata/rules/CODE/: bad.csv must give that code and no
# other, good.csv nothing at all, with the options of `args` (or args.bad, args.good) and the importer of `importer` (empty: none is
# named; default: positions); a rule without its folder fails.
# With FORM=NAME … an expectation EXPECTED.NAME, where it is there, is that of a form of orgvet: local, the local
# commands alone; musl, with musl's C library.
# usage: run.sh ORGVET [--update]
set -u
ORGVET=$(realpath "$1")
export ORGVET
update=${2:-}
root=$(realpath "$(dirname "$0")/../..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CONFIG_HOME="$work/none" # whoever runs this may have a configuration
passed=0
failed=0

fail() {
    failed=$((failed + 1))
    echo "golden: $1 FAILED: $2"
}

run_case() {
    name=$(basename "$1")
    copy="$work/$name"
    cp -r "$1" "$copy"
    (
        cd "$copy" || exit 99
        grep -q 'in\.fifo' args && mkfifo in.fifo
        unset NO_COLOR GITHUB_ACTIONS GITHUB_STEP_SUMMARY
        export LC_ALL="$(cat locale 2>/dev/null || echo C.UTF-8)"
        eval "\"\$ORGVET\" $(cat args)" >actual.stdout 2>actual.stderr
        echo $? >actual.exit
    )
    if [ "$(cat "$copy/actual.exit")" -ge 128 ]; then # ended by a signal: never what is expected
        fail "$name" "exit $(cat "$copy/actual.exit")"
        return
    fi
    if [ "$update" = --update ]; then
        cp "$copy/actual.stdout" "$1/expected.stdout"
        cp "$copy/actual.stderr" "$1/expected.stderr"
        cp "$copy/actual.exit" "$1/exit"
    fi
    for pair in stdout:expected.stdout stderr:expected.stderr exit:exit; do
        expected="$1/${pair#*:}"
        for form in ${FORM:-}; do
            [ -f "$1/${pair#*:}.$form" ] && expected="$1/${pair#*:}.$form"
        done
        if ! diff -u --label "expected ${pair%%:*}" --label "actual ${pair%%:*}" "$expected" \
            "$copy/actual.${pair%%:*}" >"$work/diff"; then
            fail "$name" "${pair%%:*} differs"
            cat "$work/diff"
            return
        fi
    done
    passed=$((passed + 1))
}

# The codes that fired, from the JSON report.
codes() {
    sed -n 's/^"counts":{\(.*\)},$/\1/p' "$1" | grep -o 'OV[0-9]*' | tr '\n' ' '
}

check_rule_file() {
    args=
    for file in args "args.${2%.csv}"; do
        [ -f "$1/$file" ] && args=$(cat "$1/$file")
    done
    importer=$(cat "$1/importer" 2>/dev/null || echo positions)
    (cd "$1" && eval "\"\$ORGVET\" check -q ${importer:+--importer $importer} --format json $args $2") \
        >"$work/report" 2>"$work/errors"
    got=$(codes "$work/report")
    if [ "$got" = "$3" ] && [ ! -s "$work/errors" ]; then
        passed=$((passed + 1))
    else
        fail "$1/$2" "codes are \`$got\`, not \`$3\`"
        cat "$work/errors"
    fi
}

for dir in "$root"/testdata/cases/*/; do
    run_case "${dir%/}"
done
for code in $("$ORGVET" explain | cut -d ' ' -f 1); do
    dir="$root/testdata/rules/$code"
    if [ -f "$dir/bad.csv" ] && [ -f "$dir/good.csv" ]; then
        check_rule_file "$dir" bad.csv "$code "
        check_rule_file "$dir" good.csv ""
    else
        fail "$code" "has no testdata/rules/$code/{bad,good}.csv"
    fi
done
# The README shows the sample and what orgvet says of it.
(cd "$root/testdata/sample" && cat positions.csv &&
    "$ORGVET" check --format pretty --color never positions.csv) >"$work/sample"
while IFS= read -r line; do
    grep -qxF -- "$line" "$root/README.md" || echo "$line"
done <"$work/sample" >"$work/missing"
if [ -s "$work/sample" ] && [ ! -s "$work/missing" ]; then
    passed=$((passed + 1))
else
    fail README.md "does not show what orgvet prints for the sample"
    cat "$work/missing"
fi
echo "golden: $passed passed, $failed failed"
[ "$failed" = 0 ]
