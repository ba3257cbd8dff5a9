#!/bin/sh
# The folders of src/ in order: a folder may include itself and the folders before it, never one after
# it; cli/ uses <orgvet/…> and the interfaces of client, server and page alone; each third-party header
# is included by the files named here. The two headers of server/ itself only declare what its folders
# share.
cd "$(dirname "$0")/../.." || exit 2
order='base finding book csv mapping org vet config payload/reread payload/emit payload/diff payload/fix
       report/view report draft offline client server/store server/http server/auth server/jobs server/api server page'
bad=0
allowed=''
for folder in $order; do
    allowed="$allowed $folder"
    for include in $(grep -ho '^#include "[a-z/_]*\.h"' src/"$folder"/*.[ch] |
        grep -v '"server/\(server\|instance\)\.h"' | grep -o '^#include "[a-z/]*/' | sort -u | sed 's/.*"\(.*\)\//\1/'); do
        case " $allowed orgvet " in
        *" $include "*) ;;
        *) echo "layers: src/$folder includes $include/, which comes after it" && bad=1 ;;
        esac
    done
done
for folder in $(find src -name '*.c' -exec dirname {} + | sort -u | sed 's/^src\///'); do
    case " $(echo $order) cli " in
    *" $folder "*) ;;
    *) echo "layers: src/$folder has no place in the order" && bad=1 ;;
    esac
done
if grep -n '^#include "' src/cli/*.[ch] | grep -v '"cli/\|"client/client.h"\|"server/server.h"\|"page/page.h"'; then
    echo "layers: cli/ uses public headers alone" && bad=1
fi
only() {
    header=$1
    shift
    for file in $(grep -rl --include='*.[ch]' "#include <$header>" src include/orgvet); do
        case " $* " in
        *" $file "*) ;;
        *) echo "layers: $file includes <$header>, which is for $*" && bad=1 ;;
        esac
    done
}
only nettle/sha2.h src/base/sha256.c
only expat.h src/book/xml.h
only xlsxwriter.h src/book/book_writer.c
only csv.h src/csv/parser.c
only iconv.h src/csv/decode.c src/csv/encoding.c
only uchardet/uchardet.h src/csv/encoding.c
only pcre2.h src/base/pattern.c
only utf8proc.h src/base/unicode.c
only xxhash.h src/base/hash.c
only pthread.h src/base/task.c src/org/loader.c src/cli/cmd_check.c src/cli/progress.c src/cli/cmd_serve.c \
    src/page/draft_cache.c src/server/store/postgresql_connection.c src/server/http/deadline.c src/server/http/quota.h \
    src/server/instance.h src/server/jobs/heart.h src/server/jobs/worker.c src/server/store/fair_lock.c src/server/store/fair_lock.h \
    src/server/store/store.c
only cjson/cJSON.h src/mapping/settings.c src/payload/reread/payload_reader.c src/draft/edit_steps.c src/vet/baseline.c src/config/config.c \
    src/config/reading.c src/config/values.c src/server/jobs/job.c src/server/jobs/import_zip.c src/client/client.c src/offline/offline.c
only curl/curl.h src/client/http.c
only sqlite3.h src/server/store/sqlite.c
only libpq-fe.h src/server/store/postgresql_connection.h
only microhttpd.h src/server/http/http.c
only zip.h src/book/archive.c src/server/jobs/export.c src/server/jobs/import_zip.c
only crypt.h src/server/auth/access.c
[ "$bad" = 0 ] && echo 'layers: fine'
exit "$bad"
