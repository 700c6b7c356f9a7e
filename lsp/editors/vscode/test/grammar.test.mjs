import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { extension, policies, read, tokens } from "./tokens.mjs";

const sound = ["examples", "tests/corpus", "tests/check/good"].flatMap(policies);

/** Tokens of a policy with a scope that begins like this, as `file:line: text`. */
function scoped(name, scope) {
  return tokens(read(name)).flatMap((line, number) =>
    line.filter((token) => token.scopes.some((own) => own.startsWith(scope))).map((token) => `${name}:${number + 1}: ${token.text}`),
  );
}

test("nothing of a sound policy is coloured as wrong", () => {
  assert.ok(sound.length > 100, `only ${sound.length} policies were found`);
  assert.deepEqual(sound.flatMap((name) => scoped(name, "invalid.")), []);
});

test("every word of a sound policy is known", () => {
  // Words of a catalogue that a policy brings along are coloured by the language server alone.
  const known = sound.filter((name) => !/^bank "(?!bunq")/m.test(read(name)));
  assert.deepEqual(known.flatMap((name) => scoped(name, "variable.other.word")), []);
});

test("everything but blanks has a scope of its own", () => {
  const bare = sound.flatMap((name) =>
    tokens(read(name)).flatMap((line, number) =>
      line
        .filter((token) => token.text.trim() !== "" && token.scopes.every((scope) => scope.startsWith("meta.")))
        .map((token) => `${name}:${number + 1}: ${token.text}`),
    ),
  );
  assert.deepEqual(bare, []);
});

// Below a line stand what is expected of it: `// ^^^ scope` for the columns above the carets, `// <- scope` for the first.
test("constructs have the scopes that the sample says", () => {
  const lines = readFileSync(join(extension, "test/scopes.bpol"), "utf8").split("\n");
  const isExpectation = (line) => /^\s*\/\/\s*(\^+|<-) \S/.test(line);
  const source = lines.filter((line) => !isExpectation(line));
  const made = tokens(source.join("\n"));
  let at = -1;
  let count = 0;
  for (const line of lines) {
    if (!isExpectation(line)) {
      at += 1;
      continue;
    }
    const [, marks, scope] = /(\^+|<-) (\S.*)$/.exec(line);
    const start = marks === "<-" ? 0 : line.indexOf("^");
    const end = marks === "<-" ? 1 : start + marks.length;
    const under = (token) => token.start < end && token.end > start && token.text.trim() !== "";
    const covered = made[at].filter(under);
    assert.ok(covered.length > 0, `nothing at ${start} of: ${source[at]}`);
    for (const token of covered) {
      const has = token.scopes.includes(scope.trim());
      assert.ok(has, `\`${token.text}\` of \`${source[at].trim()}\` is ${token.scopes.join(" ")} and not ${scope}`);
    }
    count += 1;
  }
  assert.ok(count > 40, `only ${count} expectations were found`);
});

test("what people type instead is coloured as wrong", () => {
  for (const line of ["# a comment", "key “web” < >", 'key "web" { }', "deny payment over €50;", 'key "web', 'key "\\q" < >']) {
    const wrong = tokens(line).flat().filter((token) => token.scopes.some((scope) => scope.startsWith("invalid.")));
    assert.notDeepEqual(wrong, [], line);
  }
});
