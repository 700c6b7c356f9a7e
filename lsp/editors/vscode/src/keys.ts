// Which keys a text declares. Good enough to ask which one is meant; the language server knows better.

/** The names of the keys of a policy's text, with the offsets at which their blocks begin. */
export function keysOf(text: string): { name: string; at: number }[] {
  const declared = /^[ \t]*key\s*("(?:[^"\\\n]|\\.)*")\s*</gm;
  return [...text.matchAll(declared)].map((match) => ({ name: unquoted(match[1] ?? ""), at: match.index }));
}

/** The key in whose block an offset lies, or the last one before it. */
export function keyAt(text: string, offset: number): string | undefined {
  return keysOf(text).findLast((key) => key.at <= offset)?.name;
}

function unquoted(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\u\{([0-9a-fA-F]+)\}|\\(.)/g, (_, code: string | undefined, plain: string | undefined) =>
      code === undefined ? (plain ?? "") : fromCode(code),
    );
}

function fromCode(code: string): string {
  const point = Number.parseInt(code, 16);
  return point <= 0x10ffff ? String.fromCodePoint(point) : "\u{fffd}";
}
