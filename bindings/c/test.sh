#!/usr/bin/env bash
# Builds the C library, holds bpol.h to it, and runs the example, the tests and the conformance suite through it, once
# under AddressSanitizer with its look for leaks, and under valgrind where that is installed.
# With BPOL_REQUIRE_ALL set nothing may be left out.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

skipped() {
  printf 'SKIPPED %s\n' "$1" >&2
  [ -z "${BPOL_REQUIRE_ALL:-}" ]
}

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cargo build --locked --quiet -p bpol-c
library=${CARGO_TARGET_DIR:-target}/debug
python3 bindings/c/tests/header.py "$library/libbpol.so"

flags=(-std=c11 -Wall -Wextra -Werror -pedantic -g -Ibindings/c/include)
system=(-lpthread -ldl -lm)
for source in bindings/c/example.c bindings/c/conform.c bindings/c/tests/test.c; do
  name=$(basename "$source" .c)
  gcc "${flags[@]}" "$source" -o "$out/$name" "$library/libbpol.a" "${system[@]}"
  gcc "${flags[@]}" -fsanitize=address,undefined "$source" -o "$out/$name-asan" "$library/libbpol.a" "${system[@]}"
  gcc "${flags[@]}" "$source" -o "$out/$name-shared" -L"$library" -lbpol -Wl,-rpath,"$(realpath "$library")" -lpthread
done
printf '#include <bpol.h>\nint main() { return bpol_error_name()[0]; }\n' >"$out/plus.cpp"
if command -v g++ >/dev/null; then
  g++ -Wall -Wextra -Werror -Ibindings/c/include "$out/plus.cpp" -o "$out/plus" "$library/libbpol.a" "${system[@]}"
  "$out/plus"
else
  skipped 'bpol.h in C++: there is no g++'
fi

cargo run --locked --quiet --bin bpolc -- compile examples/ynab-one-line.bpol -o "$out/policy.json" 2>"$out/said" || { cat "$out/said"; exit 1; }
policy=engine/tests/data/gateway.json
for kind in '' -shared -asan; do
  [ "$("$out/example$kind" "$out/policy.json")" = allow ]
  printf 'test%s: ' "$kind"
  "$out/test$kind" "$policy"
done
if command -v valgrind >/dev/null; then
  # The zones that were looked up stay in memory, once each; "possible" would name them.
  printf 'valgrind: '
  valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect --error-exitcode=1 "$out/test" "$policy"
else
  skipped 'valgrind: it is not installed'
fi
python3 conformance/run.py -- "$out/conform"
