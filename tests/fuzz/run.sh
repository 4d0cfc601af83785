#!/bin/sh
# run.sh SECONDS PROGRAM…: each fuzz target for so long, two at a time, from the inputs in the
# tree and what earlier runs found (kept beside the programs). `replay` instead of a number: the
# inputs in the tree only.
set -u
seconds=$1
shift
if [ "$seconds" = replay ]; then
    exec tests/support/run_units.sh "$@"
fi
one() {
    name=${1##*/}
    found=$1.corpus
    mkdir -p "$found"
    dict=
    [ -f "tests/fuzz/$name.dict" ] && dict=-dict=tests/fuzz/$name.dict
    if "$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=16384 \
        -print_final_stats=1 -artifact_prefix="$1." $dict "$found" "tests/fuzz/$name" \
        >"$1.log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$1.log")
        echo "  ok    $name: $runs inputs"
    else
        tail -n 40 "$1.log"
        echo "FAILED: $name; the input is $(ls -t "$1".crash-* "$1".leak-* "$1".timeout-* "$1".oom-* 2>/dev/null | head -n 1)"
        return 1
    fi
}
status=0
while [ $# -gt 0 ]; do
    one "$1" &
    first=$!
    shift
    if [ $# -gt 0 ]; then
        one "$1" || status=1
        shift
    fi
    wait "$first" || status=1
done
exit $status
