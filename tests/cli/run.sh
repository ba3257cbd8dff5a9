#!/bin/sh
# Cases that golden files cannot express: unusual, huge or closed files and descriptors. usage:
# run.sh ORGVET
set -u
ORGVET=$(realpath "$1")
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 2
passed=0
failed=0

# expect NAME EXIT PATTERN COMMAND: the command exits with EXIT and its output matches PATTERN.
expect() {
    name=$1 code=$2 pattern=$3
    shift 3
    sh -c "$*" >out 2>&1
    got=$?
    if [ "$got" = "$code" ] && grep -Eq -- "$pattern" out; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "cli: $name FAILED: exit $got instead of $code, or no /$pattern/ in:"
        head -c 2000 out
    fi
}

export ORGVET
printf 'idnumber,parent,name\nCEO,,Chief\n' >positions.csv
printf 'idnumber,parent,name\nCEO,X,Chief\n' >bad-positions.csv
touch -d '2001-01-01' positions.csv
mkdir folder

expect "no file" 2 'cannot read `none.csv`: No such file' '"$ORGVET" check none.csv'
expect "a directory" 2 'it is a directory' '"$ORGVET" check folder'
cp positions.csv unreadable.csv
chmod 000 unreadable.csv
cp "$ORGVET" orgvet
chmod 755 . orgvet
[ "$(id -u)" = 0 ] && other='setpriv --reuid=65534 --clear-groups' || other=
expect "unreadable" 2 'cannot read `unreadable.csv`: Permission denied' "$other ./orgvet check unreadable.csv"
expect "one bad file does not stop the others" 2 'bad-positions.csv:2:5: error.OV402' \
    '"$ORGVET" check none.csv bad-positions.csv'
expect "a full device" 2 'cannot write to standard output: No space left' \
    '"$ORGVET" check --format json positions.csv >/dev/full'
expect "a full device, help" 2 'cannot write' '"$ORGVET" --help >/dev/full'
expect "a full device, records" 2 'No space left' '"$ORGVET" records positions.csv >/dev/full'
expect "a full device, dry run" 2 'No space left' '"$ORGVET" dry-run positions.csv >/dev/full'
expect "a full device, explain" 2 'cannot write' '"$ORGVET" explain >/dev/full'
expect "closed stdout" 2 'cannot write to standard output: Bad file' '"$ORGVET" check --format json positions.csv >&-'
expect "closed stdin" 2 'cannot read `<stdin>`' '"$ORGVET" check - <&-'
expect "closed stderr" 0 '^1 row' '"$ORGVET" check positions.csv 2>&-'
expect "an output file" 1 'OV402' '"$ORGVET" check --output json=report.json bad-positions.csv; code=$?; cat report.json; exit $code'
expect "the output file is whole and alone" 0 '^1 1$' 'echo $(ls report.json* | wc -l) $(grep -c schema_version report.json)'
expect "no output file on failure" 2 'cannot read' '"$ORGVET" check --max-cell 0 --output json=never.json positions.csv || "$ORGVET" check --output json=never.json --pattern "name=(" positions.csv; code=$?; echo cannot read; [ ! -e never.json ] && exit $code; exit 9'
expect "an output folder that is not there" 2 'cannot write `no/where.json`' '"$ORGVET" check --output json=no/where.json positions.csv'
expect "output to a full device file" 2 'cannot write `/dev/full`: No space left' '"$ORGVET" check --output json=/dev/full positions.csv'
expect "output keeps the mode" 0 '^-rw-r-----' 'touch kept.json; chmod 640 kept.json; "$ORGVET" check -q --output json=kept.json positions.csv; ls -l kept.json'
expect "the input is never touched" 0 '2001-01-01' 'stat -c %y positions.csv'
expect "a pipe" 1 '^hr.csv:2:5: error.OV402' 'cat bad-positions.csv | "$ORGVET" check --importer positions --stdin-filename hr.csv -'
expect "a pipe with excerpts" 1 '2 . CEO,X,Chief' 'cat bad-positions.csv | "$ORGVET" check --importer positions --format pretty -'
expect "standard input that began already" 1 '2 . CEO,X,Chief' '(head -c 0; "$ORGVET" check --importer positions --format pretty -) <bad-positions.csv'
expect "a reader that leaves" 141 '^gone$' '(echo idnumber,parent,name; yes x,y,n | head -20000) >many-positions.csv; ( "$ORGVET" check --max-findings 0 --output json=left.json many-positions.csv; echo $? >code ) | head -c 1 >/dev/null; echo gone; exit $(cat code)'
expect "a reader that leaves, no file stays behind" 0 '^0$' 'ls | grep -c left.json | cat'
expect "an interrupt leaves no file" 0 '^0 143$' 'mkfifo slow; (exec sleep 5 >slow) & feeder=$!; "$ORGVET" check --importer positions --output json=int.json - <slow >/dev/null & pid=$!; sleep 0.5; kill -TERM $pid; wait $pid; code=$?; kill $feeder; echo "$(ls | grep -c int.json) $code"'
expect "fail-on warning" 1 '0 errors, 1 warning' 'printf "idnumber,parent,name\n" >empty-positions.csv; "$ORGVET" check --fail-on warning empty-positions.csv'
expect "fail-on never" 0 '1 error' '"$ORGVET" check --fail-on never bad-positions.csv'
expect "no colour on a pipe" 0 '^0$' '"$ORGVET" check --format pretty bad-positions.csv | grep -c "$(printf "\\033")" | cat'
expect "the same bytes twice" 0 '^same$' '"$ORGVET" check --format json bad-positions.csv >1; "$ORGVET" check --format json bad-positions.csv >2; cmp 1 2 && echo same'
expect "an identifier file that is not there" 2 'cannot read `ids.csv`' '"$ORGVET" check --existing ids.csv positions.csv'
expect "a settings file that is not there" 2 'cannot read `s.json`' '"$ORGVET" check --settings @s.json positions.csv'
expect "a number that is none" 2 'expects a whole number' '"$ORGVET" check --skip x positions.csv'
expect "a missing value" 2 'requires a value' '"$ORGVET" check positions.csv --format'
expect "dashes end the options" 2 'cannot read `--format`' '"$ORGVET" check -- --format'

# A line of 2 GiB, in one unquoted cell and in one quoted cell, within 64 MiB of memory.
long_line() {
    printf 'idnumber,parent,name\nA,,%s' "$1"
    head -c 2147483648 /dev/zero | tr '\0' x
    printf '\nB,A,Beta\n'
}
long_line '' | (ulimit -v 262144; "$ORGVET" check --importer positions - >long 2>&1; echo $? >>long) 
expect "a line of 2 GiB" 0 'OV111' 'cat long; grep -q "^2 rows, 1 error" long && grep -qx 1 long'
long_line '"' | (ulimit -v 262144; "$ORGVET" check --importer positions - >long 2>&1; echo $? >>long)
expect "a quoted line of 2 GiB" 0 'OV105' 'cat long; grep -q "^2 rows, 1 error" long && grep -qx 1 long'

echo "cli: $passed passed, $failed failed"
[ "$failed" = 0 ]
