#!/bin/sh
# The rules of the house that a script can check: who may include whom, one door per library,
# words that are banned, and the length of files. Prints every breach with its place.
set -u
found=0
breach() {
    echo "$1"
    found=1
}
sources=$(find net contract tui tests -name '*.[ch]' -o -name '*.def' | sort)

# --- who may include whom: the first folder that matches a file decides -------------------
allowed() {
    case $1 in
    net/base/*) echo 'net/base/' ;;
    net/near/*) echo 'net/(base|near)/' ;;
    net/relay/*) echo 'net/' ;;
    net/serve/*) echo '(net/(base|near|serve)/|net/(loop|json)\.h)' ;;
    net/*.[ch] | net/*.def) echo '(net/(base|near)/|net/[a-z_]*\.(h|def))' ;;
    contract/sdk/* | contract/portfolio/* | contract/token/* | contract/lending/* | contract/staking/* | contract/xcc/* | contract/hello/* | contract/counter/* | contract/guestbook/*) echo 'contract/sdk/' ;;
    contract/wasm/*) echo '(net/(base|near)|contract/wasm)/' ;;
    contract/curve/*) echo '(net/base|contract/curve)/' ;;
    contract/host/*) echo '(net/(base|near)|contract/(wasm|curve|host))/' ;;
    contract/chain/*) echo '(net/(base|near)|contract/(wasm|curve|host|chain))/' ;;
    contract/serve/*) echo '(net/(base|near|serve)/|net/(loop|json)\.h|contract/)' ;;
    tui/model/*) echo '(net/(base|near)/|net/(event|request)\.h|tui/model/)' ;;
    tui/theme/*) echo '(net/base|tui/theme)/' ;;
    tui/input/*) echo '(net/base|tui/input)/' ;;
    tui/view/*) echo '(net/(base|near)/|net/(event|request|json|reason)\.h|tui/(model|theme|input|view)/|tui/out/(fields|lesson|missing|stage|text)\.h)' ;;
    tui/out/*) echo '(net/(base|near)/|net/(event|request|json|reason)\.h|tui/(model|out)/)' ;;
    tui/term/*) echo '(net/base/|tui/theme/|tui/input/key\.h|tui/view/cells\.h|tui/term/)' ;;
    tui/app/*) echo '(net/|tui/)' ;;
    tui/main.c) echo '(net/|tui/|contract/serve/serve\.h)' ;;
    tests/*) echo '' ;;
    *) echo '^$' ;;
    esac
}
for file in $sources; do
    pattern=$(allowed "$file")
    [ -n "$pattern" ] || continue
    grep -noE '^ *#include +"[^"]+"' "$file" | while IFS=: read -r line text; do
        path=${text#*\"}
        path=${path%\"}
        case $path in *.inc | wasm-rt.h) continue ;; esac
        echo "$path" | grep -qE "^$pattern" || echo "$file:$line: may not include $path"
    done
done >/tmp/neartop-lint.$$
while read -r text; do breach "$text"; done </tmp/neartop-lint.$$
rm -f /tmp/neartop-lint.$$

# --- one library, one door ------------------------------------------------------------------
door() {
    for file in $(grep -lE "^ *#include +<$1>" $sources | grep -v '^tests/'); do
        echo "$file" | grep -qxE "$2" || breach "$file: <$1> has its door in $2"
    done
}
door '(n?curses|term|ncursesw/.*)\.h' 'tui/term/term_curses\.c'
door 'uv\.h' 'net/loop_private\.h'
door 'curl/.*' 'net/curl\.h'
door 'libwebsockets\.h' 'net/ws_world\.h|net/serve/server_private\.h'
door 'cjson/.*' 'net/json\.c'
door 'sodium\.h' 'net/near/crypto\.c'
door 'ini\.h' 'net/base/ini\.c'
door 'secp256k1.*\.h' 'net/near/secp\.c'
door 'gmp\.h' 'contract/curve/field\.c'
door 'sqlite3\.h' 'contract/serve/store_sqlite\.c'
door 'dlfcn\.h' 'contract/wasm/module\.c|net/curl\.c'

# --- banned words -----------------------------------------------------------------------------
banned='strcpy|strcat|sprintf|strncpy|strncat|strtok|atoi|atol|atof|gets|alloca|rand|localtime|gmtime|system|popen|tmpnam'
for file in $(echo "$sources" | grep -vE '^tests/'); do
    hits=$(sed -e 's://.*$::' -e 's/"[^"]*"/""/g' "$file" |
        grep -nE "(^|[^A-Za-z0-9_.>])($banned) *\(" | grep -vE '^[0-9]+: *(/?\*|\*)')
    [ -z "$hits" ] || breach "$file: banned function: $hits"
    case $file in
    net/base/xalloc.c | net/base/arena.c | contract/sdk/* | contract/wasm/rt_*) ;;
    *)
        hits=$(sed -e 's/"[^"]*"/""/g' "$file" |
            grep -nE '(^|[^A-Za-z0-9_.>])(malloc|calloc|realloc|free|strdup|strndup) *\(' |
            grep -vE '^[0-9]+: *(/?\*|\*)')
        [ -z "$hits" ] || breach "$file: use xalloc.h: $hits"
        ;;
    esac
done

# --- length, tabs, width ------------------------------------------------------------------------
for file in $sources; do
    lines=$(wc -l <"$file")
    [ "$lines" -le 600 ] || breach "$file: $lines lines, 600 are the limit: where is the seam?"
    hits=$(grep -nP '\t' "$file" | head -n 1)
    [ -z "$hits" ] || breach "$file:${hits%%:*}: a tab"
    hits=$(awk 'length($0) > 110 { print FNR; exit }' "$file")
    [ -z "$hits" ] || breach "$file:$hits: wider than 110 bytes"
done

# --- every header compiles alone ------------------------------------------------------------------
for header in $(find net contract tui -name '*.h' | grep -vE '^contract/(sdk|wasm/rt_)' | sort); do
    printf '#include "%s"\n' "$header" |
        ${CC:-gcc} -std=c17 -I. ${LINT_CPPFLAGS:-} -fsyntax-only -x c - 2>/tmp/neartop-lint.$$ ||
        breach "$header: does not compile alone: $(head -n 2 /tmp/neartop-lint.$$)"
done
rm -f /tmp/neartop-lint.$$

# --- the project speaks of itself alone -------------------------------------------------------------
if [ -f tui/share/neartop.1 ] && [ -f tui/app/opts.def ]; then
    for option in $(sed -n 's/^X([a-z_]*, "\(--[a-z-]*\)".*/\1/p' tui/app/opts.def | sort -u); do
        tr -d "\\\\" <tui/share/neartop.1 | grep -qF -e "$option" || breach "tui/share/neartop.1: $option is missing"
    done
fi
awk -f tui/share/keys.awk tui/input/action.def >/tmp/neartop-lint.$$
sed -n '/^\.\\" keys begin/,/^\.\\" keys end/{/^\.\\" keys/!p;}' tui/share/neartop.1 |
    cmp -s - /tmp/neartop-lint.$$ || breach "tui/share/neartop.1: not the keys of action.def: make man-keys"
awk -f tui/share/faults.awk contract/serve/fault.def >/tmp/neartop-lint.$$
sed -n '/^\.\\" faults begin/,/^\.\\" faults end/{/^\.\\" faults/!p;}' tui/share/neartop.1 |
    cmp -s - /tmp/neartop-lint.$$ || breach "tui/share/neartop.1: not the drills of fault.def: make man-faults"
rm -f /tmp/neartop-lint.$$

if [ -f tui/app/config.def ]; then
    for key in $(sed -n 's/^X([A-Z]*, [a-z_]*, "\([a-z_]*\)".*/\1/p' tui/app/config.def | sort -u); do
        grep -qE "^\.It Li .*\b$key\b" tui/share/neartop.conf.5 || breach "tui/share/neartop.conf.5: $key is missing"
    done
fi
for field in $(sed -n 's/^X([A-Z_]*, "\([a-z]*\)".*/\1/p' tui/model/pick.def); do
    grep -qx "\.It Li $field" tui/share/neartop.1 || breach "tui/share/neartop.1: the field $field is missing"
done
# Each role, with the word for its need on the last line of its entry.
sed -n 's/^X([A-Z_]*, "\([a-z.]*\)", \([A-Z]*\)).*/\1 \2/p' tui/theme/role.def | while read -r role need; do
    case $need in READ) word='Text: 4\.5\.' ;; SEE) word='Shape: 3\.' ;; *) word='(Divides|Fills)\.' ;; esac
    sed -n "/^\.It Li $role\$/,/^\.\(It\|El\)/p" tui/share/neartop-theme.5 | tail -n +2 | grep -qxE "$word" ||
        echo "tui/share/neartop-theme.5: $role is missing, or its need is not $need"
done >/tmp/neartop-lint.$$
while read -r text; do breach "$text"; done </tmp/neartop-lint.$$
rm -f /tmp/neartop-lint.$$
# What the manual is written in, where mandoc is installed. Its own advice on line breaks and on
# pages that are not installed is left aside.
if command -v mandoc >/dev/null 2>&1; then
    for page in tui/share/*.[15]; do
        hits=$(mandoc -Tlint "$page" | grep -vE 'referenced manual not found|longer than 80 bytes' | head -n 3)
        [ -z "$hits" ] || breach "$hits"
    done
fi

[ "$found" -eq 0 ] && echo "lint: clean"
exit "$found"
