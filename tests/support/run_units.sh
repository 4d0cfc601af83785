#!/bin/sh
# Runs unit test programs, TEST_JOBS (2) at a time, from the project's root. Prints in their order
# what failed in full, and one closing line, "N passed, N failed", that counts single tests.
set -u
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
export logs

# One program: its output and its status into files, its number to whoever reads.
run='"$2" >"$logs/$1" 2>&1 </dev/null
echo $? >"$logs/$1.status"
echo "$1"'

report() {
    status=$(cat "$logs/$1.status")
    ok=$(grep -c '^\[       OK \]' "$logs/$1")
    names=$(grep -c '^\[ RUN      \]' "$logs/$1")
    # They stand there twice: when they were met, and in the closing list.
    left_out=$(grep '^\[  SKIPPED \] [^0-9]' "$logs/$1" | sort -u | wc -l)
    names=$((names - left_out))
    bad=0
    if [ "$status" -ne 0 ] || [ "$names" -ne "$ok" ]; then
        cat "$logs/$1"
        bad=$((names - ok))
        [ "$bad" -gt 0 ] || bad=1
        echo "FAILED: $2 (exit status $status)"
    else
        printf '  ok %4d  %s' "$ok" "${2##*/unit/}"
        [ "$left_out" -eq 0 ] || printf ', %d left out' "$left_out"
        echo
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
}

[ $# -gt 0 ] || {
    echo '0 passed, 0 failed'
    exit 0
}
number=0
for program in "$@"; do
    number=$((number + 1))
    printf '%d %s\n' "$number" "$program"
done | xargs -P "${TEST_JOBS:-2}" -n 2 sh -c "$run" run | {
    passed=0
    failed=0
    next=1
    while read -r _; do
        while [ -e "$logs/$next.status" ] && [ "$next" -le $# ]; do
            eval "program=\${$next}"
            report "$next" "$program"
            next=$((next + 1))
        done
    done
    # One that was ended from outside left no status.
    failed=$((failed + $# + 1 - next))
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
