#!/bin/sh
# bench_start.sh NEARTOP FIRST_FRAME: how long starting takes, beside programs that people know;
# the memory of a chain at rest. Medians of five; judges nothing, skips what is not there.
set -u
neartop=$1
first_frame=$2
rounds=5
folder=$(mktemp -d) || exit 1
pid=
cleanup() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

row() { printf '  %-46s %10s %-9s %s\n' "$1" "$2" "$3" "${4:-}"; }
now_us() { echo $(($(date +%s%N) / 1000)); }
median() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)] }'; }

# --- the chain: from start to the first answer, and what it holds then ---------------------
status='{"jsonrpc":"2.0","id":1,"method":"status","params":[]}'
start_chain() {
    begun=$(now_us)
    mkfifo "$folder/ready"
    "$neartop" localnet --port 0 "$@" >"$folder/ready" 2>"$folder/errors" &
    pid=$!
    read -r line <"$folder/ready" || line=
    url=$(echo "$line" | sed -n 's/.*"rpc":"\([^"]*\)".*/\1/p')
    [ -n "$url" ] || return 1
    curl -sf -o "$folder/answer" -H 'content-type: application/json' -d "$status" "$url" || return 1
    echo $(($(now_us) - begun)) >>"$folder/us"
    awk '/^VmRSS/ { print $2 }' "/proc/$pid/status" >>"$folder/kb"
}
stop_chain() {
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    pid=
    rm -f "$folder/ready"
}
bench_chain_start() {
    name=$1
    shift
    rm -f "$folder/us" "$folder/kb"
    for _ in $(seq $rounds); do
        start_chain "$@" || { row "$name" - '' "did not start: $(cat "$folder/errors")"; stop_chain; return; }
        stop_chain
    done
    row "$name: start to first answer" "$(median <"$folder/us" | awk '{ printf "%.1f", $1 / 1000 }')" ms 'wanted: under 50'
    row "$name: resident memory" "$(median <"$folder/kb" | awk '{ printf "%.1f", $1 / 1024 }')" MiB 'wanted: under 30'
}

# --- the screen: from start to the first full frame ------------------------------------------
# A first frame shows what is known by then, which is not the same for all: neartop has no call
# yet (its chain is starting), htop has measured the processors once, tig has read the history.
frame_of() {
    for _ in $(seq $rounds); do
        "$first_frame" "$@" || return 1
    done | median
}
bench_frame() {
    name=$1
    shift
    command -v "$1" >/dev/null || { row "$name" - '' 'skipped: not installed'; return; }
    ms=$(frame_of "$@")
    [ -n "$ms" ] || { row "$name" - '' 'skipped: no picture came'; return; }
    [ -n "${own:-}" ] || own=$ms
    [ "$own" != "$ms" ] || wanted=", wanted: under 8"
    row "$name: start to first full frame" "$ms" ms \
        "$(awk -v a="$ms" -v b="$own" 'BEGIN { printf "%.2f x neartop", a / b }')${wanted:-}"
    wanted=
}
bench_rest() {
    rest=$("$first_frame" --rest "$neartop" demo) || { row 'neartop demo: at rest' - '' 'skipped: no picture came'; return; }
    row 'neartop demo: resident memory, call over' "${rest% *}" MiB 'wanted: under 16; the chain is not in it'
    row 'neartop demo: wakes up, call over' "${rest#* }" 'a second' 'a block comes each 600 ms'
}

echo 'start, medians'
if command -v curl >/dev/null; then
    bench_chain_start 'localnet' --block-time 600
    bench_chain_start 'localnet --demo' --demo --block-time 600
else
    row localnet - '' 'skipped: curl is not installed'
fi
bench_frame 'neartop demo' "$neartop" demo
bench_frame htop htop
if git rev-parse --git-dir >/dev/null 2>&1; then
    bench_frame tig tig
else
    row tig - '' 'skipped: no git history here'
fi
bench_rest
echo '  (a first frame: neartop has no call yet, htop took a sample, tig read the history)'
exit 0
