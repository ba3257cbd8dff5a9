#!/bin/sh
# Prints a script that runs orgvet with one reader (--reader), for the tests that call a command.
# usage: with_reader.sh ORGVET READER
orgvet=$(realpath "$1")
cat <<END
#!/bin/sh
case \${1:-} in
check | records | dry-run)
    command=\$1
    shift
    exec "$orgvet" "\$command" --reader $2 "\$@"
    ;;
esac
exec "$orgvet" "\$@"
END
