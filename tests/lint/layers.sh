#!/bin/sh
# The rooms of src/ in order: a folder may include itself and the folders before it, never one after
# it; cli/ uses <orgvet/…> alone; each third-party header is included by the files named here.
cd "$(dirname "$0")/../.." || exit 2
order='base finding csv mapping org vet payload report client service page'
bad=0
allowed=''
for room in $order; do
    allowed="$allowed $room"
    for include in $(grep -ho '^#include "[a-z]*/' src/"$room"/*.[ch] | sort -u | sed 's/.*"\(.*\)\//\1/'); do
        case " $allowed orgvet " in
        *" $include "*) ;;
        *) echo "layers: src/$room includes $include/, which comes after it" && bad=1 ;;
        esac
    done
done
if grep -n '^#include "' src/cli/*.[ch] | grep -v '"cli/'; then
    echo "layers: cli/ uses public headers alone" && bad=1
fi
only() {
    header=$1
    shift
    for file in $(grep -l "#include <$header>" src/*/*.[ch] include/orgvet/*.h); do
        case " $* " in
        *" $file "*) ;;
        *) echo "layers: $file includes <$header>, which is for $*" && bad=1 ;;
        esac
    done
}
only nettle/sha2.h src/base/sha256.c
only csv.h src/csv/parser.c
only iconv.h src/csv/decode.c
only pcre2.h src/base/pattern.c
only utf8proc.h src/base/unicode.c
only xxhash.h src/base/hash.c
only pthread.h src/base/task.c src/org/loader.c src/cli/cmd_check.c src/cli/progress.c src/cli/cmd_serve.c src/page/looks.c src/service/backoff.c src/service/deadline.c src/service/fair.c src/service/fair.h src/service/service.h src/service/share.h src/service/store.c src/service/worker.c
only cjson/cJSON.h src/mapping/settings.c src/payload/reread/payload_reader.c src/vet/baseline.c src/vet/config.c src/service/work.c src/service/structure.c src/client/client.c
only curl/curl.h src/client/http.c
only sqlite3.h src/service/sql.c
only microhttpd.h src/service/http.c
only zip.h src/service/export.c src/service/structure.c
only crypt.h src/service/access.c
[ "$bad" = 0 ] && echo 'layers: fine'
exit "$bad"
