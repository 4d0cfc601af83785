#!/bin/sh
# Runs unit test programs one after another, from the project's root. Prints what failed in
# full and one closing line, "N passed, N failed", that counts single tests.
set -u
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for program in "$@"; do
    "$program" >"$log" 2>&1
    status=$?
    ok=$(grep -c '^\[       OK \]' "$log")
    bad=$(grep -c '^\[  FAILED  \] [^0-9]' "$log")
    names=$(grep -c '^\[ RUN      \]' "$log")
    if [ "$status" -ne 0 ] || [ "$names" -ne "$ok" ]; then
        cat "$log"
        bad=$((names - ok))
        [ "$bad" -gt 0 ] || bad=1
        echo "FAILED: $program (exit status $status)"
    else
        bad=0
        printf '  ok %4d  %s\n' "$ok" "${program##*/unit/}"
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
