// What the grammar makes of a text, as VS Code would.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const oniguruma = require("vscode-oniguruma");
const { INITIAL, Registry, parseRawGrammar } = require("vscode-textmate");

export const extension = join(import.meta.dirname, "..");
export const repository = join(extension, "../../..");

await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));

const path = join(extension, "syntaxes/bpol.tmLanguage.json");
const registry = new Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async (scope) => (scope === "source.bpol" ? parseRawGrammar(readFileSync(path, "utf8"), path) : null),
});
const grammar = await registry.loadGrammar("source.bpol");

/** The tokens of each line: where they begin and end, their text, their scopes. */
export function tokens(text) {
  let state = INITIAL;
  return text.split(/\r?\n/).map((line) => {
    const read = grammar.tokenizeLine(line, state);
    state = read.ruleStack;
    return read.tokens.map((token) => ({
      start: token.startIndex,
      end: Math.min(token.endIndex, line.length),
      text: line.slice(token.startIndex, token.endIndex),
      scopes: token.scopes.slice(1),
    }));
  });
}

/** All policies below a folder of the repository. */
export function policies(folder) {
  const below = readdirSync(join(repository, folder), { recursive: true });
  return below.filter((name) => name.endsWith(".bpol")).map((name) => join(folder, name));
}

export function read(name) {
  return readFileSync(join(repository, name), "utf8");
}
