// bpol.wasm with one function that traps as soon as it is called, as a bug of the engine would.

export function trapping(wasm, name) {
  const bytes = new Uint8Array(wasm);
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const sections = {};
  while (at < bytes.length) {
    const id = bytes[at++];
    const length = number();
    sections[id] = at;
    at += length;
  }
  const [EXPORTS, CODE] = [7, 10];
  at = sections[EXPORTS];
  let place;
  for (let left = number(); left > 0; left -= 1) {
    const length = number();
    const said = new TextDecoder().decode(bytes.subarray(at, at + length));
    at += length + 1;
    const index = number();
    if (said === name) place = index;
  }
  // Nothing is imported, so a function's number is that of its body.
  at = sections[CODE];
  number();
  for (; place > 0; place -= 1) {
    const length = number();
    at += length;
  }
  const length = number();
  const end = at + length;
  for (let locals = number(); locals > 0; locals -= 1) {
    number();
    at += 1;
  }
  const [UNREACHABLE, NOP, END] = [0x00, 0x01, 0x0b];
  bytes.fill(NOP, at, end);
  bytes[at] = UNREACHABLE;
  bytes[end - 1] = END;
  return bytes;
}
