#!/bin/sh
# Runs every test against one build and sums up; the last line is "N passed, N failed".
# usage: run.sh BUILD_FOLDER (VARIANT, MAKE, CC, PYTHON from the environment; SHARED names a folder
# with corpora and examples that the project does not ship, default ../shared)
set -u
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY
export LC_ALL=C.UTF-8 # messages in English
cd "$(dirname "$0")/.." || exit 2
build=$1
PYTHON=${PYTHON:-python3}
SHARED=${SHARED:-../shared}
. tests/tally.sh

run "$build/unit"
run "$PYTHON" tests/lint/rules.py
export FORM="${FORM-${ENGINE:+local}}" # which form of orgvet this is, see tests/golden/run.sh
run tests/golden/run.sh "$build/orgvet"
run "$PYTHON" tests/model/compare.py "$build/orgvet" 1 "${MODEL_SEEDS:-1000}"
run "$PYTHON" tests/corpora/run.py "$build/orgvet" "$SHARED"
run "$PYTHON" tests/real_files/run.py "$build/orgvet" "$SHARED"
run "$PYTHON" tests/real_files/cases.py "$build/orgvet" "$SHARED"
run "$PYTHON" tests/real_files/advice.py "$build/orgvet" "$SHARED"
run "$PYTHON" tests/book/run.py "$build/orgvet"
run "$PYTHON" tests/report/run.py "$build/orgvet" "$SHARED"
run "$PYTHON" tests/report/baseline.py "$build/orgvet" "$((${MODEL_SEEDS:-1000} / 10))"
run "$PYTHON" tests/report/claims.py "$build/orgvet" "$((${MODEL_SEEDS:-1000} / 10))"
run "$PYTHON" tests/determinism/run.py "$build/orgvet"
# The same with each reader that this processor can run; of the large suites once is enough where
# everything is slow.
readers='libcsv avx512 avx2 sse2 neon plain'
[ -n "${ENGINE:-}" ] && readers='' # the complete build tries them
for reader in $readers; do
    printf 'a\n' | "$build/orgvet" records --reader "$reader" - >/dev/null 2>&1 || continue
    as="$build/orgvet-$reader"
    tests/with_reader.sh "$build/orgvet" "$reader" >"$as" && chmod +x "$as"
    run tests/golden/run.sh "$as"
    run "$PYTHON" tests/model/compare.py "$as" 1 "$((${MODEL_SEEDS:-1000} / 10))"
    [ "${VARIANT:-release}" = release ] && run "$PYTHON" tests/corpora/run.py "$as" "$SHARED"
done
run "$PYTHON" tests/payload/run.py "$build/orgvet" "$((${MODEL_SEEDS:-1000} / 5))" "$SHARED"
run "$PYTHON" tests/payload/diff.py "$build/orgvet" "$((${MODEL_SEEDS:-1000} / 5))"
run "$PYTHON" tests/payload/fix.py "$build/orgvet" "$((${MODEL_SEEDS:-1000} / 10))"
run "$PYTHON" tests/hooks/run.py "$build/orgvet"
run "$PYTHON" tests/config/run.py "$build/orgvet"
run "$PYTHON" tests/config/trust.py "$build/orgvet"
if [ -z "${ENGINE:-}" ]; then
    run "$PYTHON" tests/server/seed.py "$build/orgvet"
    run "$PYTHON" tests/server/run.py "$build/orgvet"
    run "$PYTHON" tests/server/fair.py "$build/orgvet"
    run "$PYTHON" tests/server/move.py "$build/orgvet"
    if [ "${VARIANT:-release}" = release ]; then # the same with a store that nodes share
        run env ORGVET_TEST_STORE=postgresql "$PYTHON" tests/server/seed.py "$build/orgvet"
        run env ORGVET_TEST_STORE=postgresql "$PYTHON" tests/server/run.py "$build/orgvet"
        run env ORGVET_TEST_STORE=postgresql "$PYTHON" tests/server/fair.py "$build/orgvet"
        run env ORGVET_TEST_STORE=postgresql "$PYTHON" tests/server/agree.py "$build/orgvet" 100
        run env ORGVET_TEST_STORE=postgresql "$PYTHON" tests/server/abuse.py "$build/orgvet" 10 \
            guessing lanes clients full_disk kills locked
        for page in page answers edits journeys; do
            run env ORGVET_TEST_STORE=postgresql "$PYTHON" tests/page/$page.py "$build/orgvet"
        done
        run "$PYTHON" tests/server/nodes.py "$build/orgvet" "${NODES_ROUNDS:-10}"
        run "$PYTHON" tests/server/proxy.py "$build/orgvet"
    fi
    run "$PYTHON" tests/server/agree.py "$build/orgvet" "$([ "${VARIANT:-release}" = release ] && echo 500 || echo 50)"
    run "$PYTHON" tests/server/abuse.py "$build/orgvet" "$([ "${VARIANT:-release}" = release ] && echo "${KILLS:-200}" || echo 20)"
    [ "${VARIANT:-release}" = release ] && run "$PYTHON" tests/page/report.py "$build/orgvet"
    run "$PYTHON" tests/page/page.py "$build/orgvet"
    run "$PYTHON" tests/page/answers.py "$build/orgvet"
    run "$PYTHON" tests/page/edits.py "$build/orgvet"
    run "$PYTHON" tests/page/steps.py "$build/orgvet"
    run "$PYTHON" tests/page/journeys.py "$build/orgvet"
fi
run tests/simd/run.sh
# What needs an allocator of its own, bounded memory or an optimised build.
case ${VARIANT:-release} in
release)
    [ -n "${ENGINE:-}" ] || run "$build/oom"
    run tests/cli/run.sh "$build/orgvet"
    [ -n "${ENGINE:-}" ] || { run tests/api/run.sh; run tests/build/run.sh "$build"; }
    # the engine alone has the same code
    [ -n "${ENGINE:-}" ] || run "$PYTHON" tests/scale/run.py "$build/orgvet"
    ;;
debug) run "$build/oom" ;;
esac
finish
