#!/bin/sh
# make interop: near-api-js, as it comes from npm, against `neartop localnet`.
#   run.sh NEARTOP FOLDER
# The library is installed into FOLDER once; that needs the network, the rest does not.
set -eu
neartop=$1
folder=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

for tool in node npm; do
    command -v $tool >/dev/null || {
        echo "interop: $tool is missing: on Debian 12 'apt install nodejs npm', or Node.js 20 from nodejs.org" >&2
        exit 1
    }
done
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || { echo "interop: near-api-js needs Node.js 20 or later; this is $(node --version)" >&2; exit 1; }

mkdir -p "$folder"
cp "$here/package.json" "$folder/package.json"
cp "$here"/*.mjs "$folder/"
if [ ! -d "$folder/node_modules/near-api-js" ]; then
    (cd "$folder" && npm install --no-audit --no-fund --loglevel=error) || {
        echo "interop: npm cannot install near-api-js: see above; it needs the network, once" >&2
        exit 1
    }
fi

log="$folder/localnet.log"
ready="$folder/ready"
rm -f "$ready"
mkfifo "$ready"
"$neartop" localnet --port 0 --block-time 100 >"$ready" 2>"$log" &
localnet=$!
trap 'kill $localnet 2>/dev/null; rm -f "$ready"' EXIT INT TERM
read -r line <"$ready" || { cat "$log" >&2; exit 1; }
url=$(printf '%s' "$line" | sed -n 's/.*"rpc":"\([^"]*\)".*/\1/p')
[ -n "$url" ] || { echo "interop: localnet said: $line" >&2; cat "$log" >&2; exit 1; }

cd "$folder"
status=0
node near_api_js.mjs "$url" "$root/tests/data/wasm" || status=$?
kill -0 $localnet 2>/dev/null || { echo "interop: localnet has ended:" >&2; cat "$log" >&2; exit 1; }
exit $status
