#!/usr/bin/env bash
# Builds bpol.wasm beside this file, from the crate of the C interface.
#
# rustup's toolchain often comes without wasm32-unknown-unknown. Debian's compiler, with which browsers are built there,
# brings the source of the standard library instead, and builds it on the way:
# apt-get install rustc-web cargo-web rust-web-src lld
set -Eeuo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cd "$root"

target=wasm32-unknown-unknown
export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld
# A panic traps at once: nothing in here could print what it says, and its texts would be a tenth of the file.
export RUSTFLAGS='-Zunstable-options -Cpanic=immediate-abort'
/usr/bin/cargo build --locked --quiet --profile wasm --target "$target" -p bpol-c -Zbuild-std=std,panic_abort
cp "${CARGO_TARGET_DIR:-target}/$target/wasm/bpol.wasm" "$here/bpol.wasm"
printf 'bpol.wasm: %d bytes, %d gzipped\n' "$(wc -c <"$here/bpol.wasm")" "$(gzip -9 -c "$here/bpol.wasm" | wc -c)"
