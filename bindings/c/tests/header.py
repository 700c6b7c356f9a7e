"""Holds bpol.h to the crate: the same functions with the same parameters, and all of them exported.

`python3 header.py libbpol.so` (needs nm).
"""

import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parents[1]
PLAIN = {"usize": "size_t", "u16": "uint16_t", "i32": "int32_t", "u64": "uint64_t", "bool": "bool"}


def rust(text):
    found = re.finditer(r'(#\[cfg\(target_family = "wasm"\)\]\s*)?#\[unsafe\(no_mangle\)\]\s*extern "C" fn (\w+)\(([^)]*)\)', text)
    for wasm, name, parameters in (one.groups() for one in found):
        if not wasm:
            yield name, [kind(*one.split(":", 1)) for one in parameters.split(",") if one.strip()]


def kind(name, type):
    return name.strip(), PLAIN.get(type.strip(), "pointer")


def header(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for name, parameters in re.findall(r"(bpol_\w+)\(([^)]*)\);", text):
        split = [re.fullmatch(r"(.*?)(\w+)", one.strip(), re.S).groups() for one in parameters.split(",") if one.strip() != "void"]
        yield name, [(one, "pointer" if "*" in type else type.strip()) for type, one in split]


ours = dict(one for file in sorted((HERE / "src").glob("*.rs")) for one in rust(file.read_text()))
said = dict(header((HERE / "include/bpol.h").read_text()))
symbols = subprocess.run(["nm", "-D", "--defined-only", sys.argv[1]], capture_output=True, text=True, check=True).stdout
exported = {line.split()[-1] for line in symbols.splitlines() if line.split()[-1].startswith("bpol_")}
for name in sorted(ours.keys() | said.keys() | exported):
    if ours.get(name) != said.get(name) or name not in exported:
        sys.exit(f"{name}: bpol.h says {said.get(name)}, the crate {ours.get(name)}, exported {name in exported}")
print(f"bpol.h says what the library has: {len(ours)} functions")
