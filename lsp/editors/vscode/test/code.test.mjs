import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";

import { buildSync } from "esbuild";

import { extension, policies, read } from "./tokens.mjs";

/** A module of the extension that does not need the editor. */
async function load(name) {
  const path = join(extension, "src", name);
  const built = buildSync({ entryPoints: [path], bundle: true, platform: "node", format: "esm", write: false });
  return import(`data:text/javascript,${encodeURIComponent(built.outputFiles[0].text)}`);
}

const { findServer } = await load("find.ts");
const { keyAt, keysOf } = await load("keys.ts");

const home = mkdtempSync(join(tmpdir(), "bpol-"));

function program(...path) {
  const place = join(home, ...path);
  mkdirSync(join(place, ".."), { recursive: true });
  writeFileSync(place, "");
  chmodSync(place, 0o755);
  return place;
}

test("a server is looked for in the extension, on the path, and where cargo installs", () => {
  const env = { PATH: `relative:${join(home, "bin")}`, CARGO_HOME: join(home, "cargo") };
  const find = () => findServer("", join(home, "extension"), undefined, env);
  assert.deepEqual(find(), { looked: [join(home, "extension/server/bpol-lsp"), "the PATH", join(home, "cargo/bin/bpol-lsp")] });
  const cargo = program("cargo/bin/bpol-lsp");
  assert.deepEqual(find(), { command: cargo });
  const path = program("bin/bpol-lsp");
  assert.deepEqual(find(), { command: path });
  const own = program("extension/server/bpol-lsp");
  assert.deepEqual(find(), { command: own });
});

test("a setting counts alone", () => {
  const own = program("own/bpol-lsp");
  const env = { PATH: join(home, "own"), CARGO_HOME: home };
  assert.deepEqual(findServer(own, home, undefined, env), { command: own });
  assert.deepEqual(findServer("${workspaceFolder}/bpol-lsp", home, join(home, "own"), env), { command: own });
  assert.deepEqual(findServer("bpol-lsp", home, undefined, env), { command: own });
  assert.deepEqual(findServer("elsewhere/bpol-lsp", home, undefined, env), { looked: ["elsewhere/bpol-lsp"] });
  assert.deepEqual(findServer(home, home, undefined, env), { looked: [home] });
});

test("keys are found by their declarations", () => {
  const text = 'key "a \\"b\\" \\u{e9}" < >\n// key "no" <\nensure key "a" cannot deny payment;\n  key "c"\n<\n>\n';
  assert.deepEqual(keysOf(text).map((key) => key.name), ['a "b" é', "c"]);
  assert.equal(keyAt(text, text.length), "c");
  assert.equal(keyAt(text, 5), 'a "b" é');
  assert.equal(keyAt("\n" + text, 0), undefined);
  for (const name of policies("tests/corpus")) {
    assert.equal(keysOf(read(name)).length, read(name).match(/^key "/gm)?.length ?? 0, name);
  }
});
