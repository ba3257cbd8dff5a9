# For a script of checks, each a command. Sourced in the project's folder, with `suite` set to the name of the suite.
work=$(mktemp -d) # removed at the end
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# check NAME COMMAND…: whether a command succeeds; otherwise its output is printed.
check() {
    name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$suite: $name FAILED"
        tail -n 20 "$work/log"
    fi
}
# The last line is "SUITE: N passed, N failed"; ends the script.
finish() {
    echo "$suite: $passed passed, $failed failed"
    [ "$failed" = 0 ]
    exit
}
