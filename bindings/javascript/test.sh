#!/usr/bin/env bash
# Builds bpol.wasm and runs the tests, the example and the conformance suite in Node, and a page in Chromium.
#
# What is missing is installed with apt-get and npm where that is possible, and else said and left out. With
# BPOL_REQUIRE_ALL set nothing may be left out.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=bindings/javascript

skipped() {
  printf 'SKIPPED %s\n' "$1" >&2
  [ -z "${BPOL_REQUIRE_ALL:-}" ]
}

packages() {
  command -v apt-get >/dev/null || return 1
  local root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    root=(sudo)
  fi
  "${root[@]}" apt-get update -qq >/dev/null 2>&1 || return 1
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

can_build() {
  [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] && command -v wasm-ld >/dev/null && dpkg -s rust-web-src >/dev/null 2>&1
}

if ! can_build && ! packages rustc-web cargo-web rust-web-src lld; then
  skipped 'WebAssembly: no compiler for wasm32-unknown-unknown, and apt-get cannot install rustc-web cargo-web rust-web-src lld'
  exit
fi
bash "$here/build.sh"
size=$(gzip -9 -c "$here/bpol.wasm" | wc -c)
[ "$size" -le 409600 ] || { printf 'bpol.wasm has %d bytes gzipped, more than 400 KiB\n' "$size"; exit 1; }

out=$(mktemp -d)
trap 'rm -rf "$out" "$here/node_modules"' EXIT
node --test "$here/test/bpol.test.mjs"
cargo run --locked --quiet --bin bpolc -- compile examples/ynab-one-line.bpol -o "$out/policy.json" 2>"$out/said" || { cat "$out/said"; exit 1; }
[ "$(node "$here/example.mjs" "$out/policy.json")" = allow ]
python3 conformance/run.py -- node "$here/conform.mjs"

browser=${BPOL_CHROMIUM:-$(command -v chromium || command -v google-chrome || true)}
if [ -z "$browser" ] && packages chromium; then
  browser=$(command -v chromium)
fi
if [ -z "$browser" ]; then
  skipped 'the page in a browser: there is no Chromium, and apt-get cannot install it'
elif ! npm install --prefix "$here" --no-save --no-package-lock --silent --no-fund playwright-core@1; then
  skipped 'the page in a browser: npm cannot install playwright-core'
else
  BPOL_CHROMIUM=$browser timeout 120 node "$here/test/browser.mjs"
fi
