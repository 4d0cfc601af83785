#!/bin/sh
# make interop: near-api-js and near-workspaces, as they come from npm, against `neartop localnet`.
#   run.sh NEARTOP FOLDER
# The libraries are installed into FOLDER once; that needs the network, the rest does not.
set -eu
neartop=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
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
cp "$here"/*.mjs "$here/near-sandbox" "$folder/"
if [ ! -d "$folder/node_modules/near-workspaces" ]; then
    # Without scripts: near-workspaces would fetch the sandbox, whose place is taken here.
    (cd "$folder" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error) || {
        echo "interop: npm cannot install the libraries: see above; it needs the network, once" >&2
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
echo "near-api-js:"
node near_api_js.mjs "$url" "$root/tests/data/wasm" || status=$?
kill -0 $localnet 2>/dev/null || { echo "interop: localnet has ended:" >&2; cat "$log" >&2; exit 1; }

echo "near-workspaces:"
node keys.mjs test.near validator_key.json
INTEROP_VALIDATOR_KEY="$PWD/validator_key.json" INTEROP_NEARTOP=$neartop \
    NEAR_SANDBOX_BIN_PATH="$PWD" NEAR_SANDBOX_BINARY_PATH="$PWD" \
    node near_workspaces.mjs "$root/tests/data/wasm" || status=$?
exit $status
