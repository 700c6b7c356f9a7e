// JSON without rounding: a number that JavaScript cannot hold is refused on the way in and is a BigInt on the way out.

import { Malformed } from "./memory.js";

/** JSON as a text. A text stays as it is, so that a key that stands twice is seen. */
export function written(value) {
  if (typeof value === "string") return value;
  let text;
  try {
    text = JSON.stringify(value);
    // A look at every value takes longer than all the rest, so only where the text shows that one may have been rounded.
    if (MAYBE_ROUNDED.test(text)) JSON.stringify(value, exact);
  } catch (error) {
    if (error instanceof Malformed) throw error;
    throw new Malformed("malformed", `this is no JSON, and may be given as text: ${error.message}`, { cause: error });
  }
  if (text === undefined) throw new Malformed("malformed", "this is no JSON: an object or its text is asked for");
  return text;
}

/** Long numbers, and what stands for none. */
const MAYBE_ROUNDED = /\d{16}|\de\+|null/;

function exact(name, value) {
  if (typeof value === "number" && (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))) {
    throw new Malformed("malformed", `\`${name}\` is a number that JavaScript rounds: write the request as text`);
  }
  return value;
}

/** Strings, and numbers of so many digits that they may be rounded. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** What a JSON text means. */
export function read(text) {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  let mark = "number:";
  while (text.includes(mark)) mark = `_${mark}`;
  const marked = text.replace(TOKENS, (token) =>
    token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${mark}${token}"`,
  );
  return JSON.parse(marked, (_, value) =>
    typeof value === "string" && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  );
}
