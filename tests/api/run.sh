#!/bin/sh
# Installs into an empty folder and builds tests/api/ten_lines.c as a user would, with the shared
# and the static library; compiles each public header alone; then uninstalls. usage: run.sh (with
# MAKE and CC in the environment)
set -u
cd "$(dirname "$0")/../.." || exit 2
suite=api
. tests/check.sh
dest=$work
expected='3:4 OV402 parent `CEOO` not found in this file'
says() {
    got=$(LD_LIBRARY_PATH="$dest/lib" "$1")
    echo "$got"
    [ "$got" = "$expected" ]
}
export PKG_CONFIG_PATH="$dest/lib/pkgconfig"
check install ${MAKE:-make} --no-print-directory install PREFIX="$dest" VARIANT=release
build() {
    # shellcheck disable=SC2046 # the flags are words
    ${CC:-gcc} -std=c17 -Wall -Wextra -Werror tests/api/ten_lines.c -o "$dest/$1" $2 \
        $(pkg-config --cflags orgvet) $3
}
check "builds with the shared library" build shared "" "$(pkg-config --libs orgvet)"
check "runs with the shared library" says "$dest/shared"
check "builds with the static library" build static "" \
    "$(pkg-config --cflags orgvet) $dest/lib/liborgvet.a $(pkg-config --static --libs-only-l orgvet | sed 's/-lorgvet//')"
check "runs with the static library" says "$dest/static"
check "needs nothing beside the static library" sh -c "! ldd '$dest/static' | grep -q liborgvet"
check "the schema is installed" cmp src/report/report-1.json "$dest/share/orgvet/report-1.json"
check "the command runs" "$dest/bin/orgvet" --version
check "public headers compile alone" ${MAKE:-make} --no-print-directory headers
check "exports nothing but ov_" sh -c "! nm -D --defined-only '$dest/lib/liborgvet.so' | grep -v ' ov_\| __bss_start$\| _edata$\| _end$'" # of the linker
check uninstall ${MAKE:-make} --no-print-directory uninstall PREFIX="$dest"
check "nothing is left" sh -c "! find '$dest' -name '*orgvet*' | grep ."
finish
