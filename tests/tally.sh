# For a script of tests: runs them one after the other and sums up. Sourced in the project's folder.
log=$(mktemp)
failures=$(mktemp) # what did not hold, to be printed once more at the end
trap 'rm -f "$log" "$failures"' EXIT
passed=0
failed=0

# Runs a test that ends with "NAME: N passed, N failed".
run() {
    echo "== $*"
    began=$(date +%s)
    "$@" >"$log" 2>&1
    code=$?
    cat "$log"
    echo "   ($(($(date +%s) - began)) s)"
    line=$(grep -E '^[a-z]+: [0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
    p=$(echo "$line" | sed -n 's/.*: \([0-9]*\) passed.*/\1/p')
    f=$(echo "$line" | sed -n 's/.*passed, \([0-9]*\) failed.*/\1/p')
    if [ -z "$line" ] || { [ "$code" != 0 ] && [ "$f" = 0 ]; }; then
        echo "$1 ended with $code" | tee -a "$failures"
        f=$((${f:-0} + 1))
    fi
    grep -a -A 2 -E ' FAILED|^FAIL ' "$log" | cut -c 1-500 >>"$failures"
    passed=$((passed + ${p:-0}))
    failed=$((failed + ${f:-0}))
}

# The last line is "N passed, N failed"; ends the script.
finish() {
    sed 's/^/failed: /' "$failures"
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
    exit
}
