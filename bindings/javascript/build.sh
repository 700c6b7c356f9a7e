#!/usr/bin/env bash
# Builds bpol.wasm beside this file, from the crate of the C interface.
#
# rustup's toolchain with the target wasm32-unknown-unknown is taken when it is there. Else Debian's compiler, which browsers
# are built with, builds the standard library on its way: apt-get install rustc-web cargo-web rust-web-src lld
set -Eeuo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"

target=wasm32-unknown-unknown
what=(build --locked --quiet --profile wasm --target "$target" -p bpol-c)
if [ -d "$(rustc --print target-libdir --target "$target" 2>/dev/null)" ]; then
  cargo "${what[@]}"
else
  export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld
  /usr/bin/cargo "${what[@]}" -Zbuild-std=std,panic_abort
fi
cp "${CARGO_TARGET_DIR:-target}/$target/wasm/bpol.wasm" "$here/bpol.wasm"
printf 'bpol.wasm: %d bytes, %d gzipped\n' "$(wc -c <"$here/bpol.wasm")" "$(gzip -9 -c "$here/bpol.wasm" | wc -c)"
