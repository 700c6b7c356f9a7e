#!/usr/bin/env bash
# Builds the Python package in a place of its own, and runs its tests, the example and the conformance suite through it.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
python3 -m venv "$out/python"
python=$out/python/bin
"$python/pip" install --quiet --disable-pip-version-check 'maturin>=1.9,<2'
"$python/maturin" build --quiet --locked -m bindings/python/Cargo.toml -i "$python/python" -o "$out/wheels"
"$python/pip" install --quiet --disable-pip-version-check "$out"/wheels/*.whl
"$python/python" -m unittest discover -s bindings/python/tests
cargo run --locked --quiet --bin bpolc -- compile examples/ynab-one-line.bpol -o "$out/policy.json" 2>"$out/said" || { cat "$out/said"; exit 1; }
[ "$("$python/python" bindings/python/example.py "$out/policy.json")" = allow ]
python3 conformance/run.py -- "$python/python" bindings/python/conform.py
