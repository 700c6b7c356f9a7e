// How long a decision takes in WebAssembly, beside the engine itself, measured in turns in one run: `node bench.mjs PACE`,
// with the path of the engine's example `pace`, built with --release. Prints ratios and claims nothing.
//
// `wasm` is what the example does, from the text of a request to the text of the decision; `text` and `object` are
// `policy.decide`, which also carries both over and makes an object of the decision.

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { load } from "./bpol.js";

const [pace] = process.argv.slice(2);
const ROUNDS = 300;
const NOW = "2026-11-24T10:00:00Z";
const module = await WebAssembly.compile(await readFile(new URL("./bpol.wasm", import.meta.url)));

for (const name of ["request", "clauses", "counters"]) {
  const files = ["json", "ndjson"].map((kind) => new URL(`../../conformance/decide/${name}.${kind}`, import.meta.url).pathname);
  const compiled = await readFile(files[0]);
  const policy = await load(compiled, { wasm: module });
  const lines = (await readFile(files[1], "utf8")).trim().split("\n");
  const requests = lines.map((line) => JSON.parse(line).request).filter((request) => request !== undefined);
  const texts = requests.map((request) => JSON.stringify(request));
  const decide = (request) => policy.decide(request, [], { now: NOW });
  const ways = { wasm: await bare(compiled, texts), text: () => texts.forEach(decide), object: () => requests.forEach(decide) };
  const fastest = {};
  const keep = (way, nanoseconds) => (fastest[way] = Math.min(fastest[way] ?? Infinity, nanoseconds));
  for (let turn = 0; turn < 5; turn += 1) {
    keep("native", Number(execFileSync(pace, [...files, String(ROUNDS)], { encoding: "utf8" })));
    for (const [way, act] of Object.entries(ways)) keep(way, measure(act) / requests.length);
  }
  const { native, ...others } = fastest;
  const told = Object.entries(others).map(([way, ns]) => `${way} ${ns.toFixed(0)} ns, ${(ns / native).toFixed(1)} times`);
  console.log(`${name}, ${requests.length} requests: native ${native.toFixed(0)} ns; ${told.join("; ")}`);
}

function measure(act) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begin = process.hrtime.bigint();
    act();
    best = Math.min(best, Number(process.hrtime.bigint() - begin));
  }
  return best;
}

/** The engine alone, with texts that lie in its memory. */
async function bare(compiled, texts) {
  const { exports } = await WebAssembly.instantiate(module, {});
  const lend = (value) => {
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    const at = exports.bpol_memory(bytes.length);
    new Uint8Array(exports.memory.buffer, at, bytes.length).set(bytes);
    return [at, bytes.length];
  };
  const place = exports.bpol_memory(16);
  if (exports.bpol_policy_load(...lend(compiled), 0, 0, place) !== 0) throw new Error("the policy is not loaded");
  const policy = new DataView(exports.memory.buffer).getUint32(place, true);
  const [now, length] = lend(NOW);
  const lent = texts.map(lend);
  return () => {
    for (const [at, bytes] of lent) {
      if (exports.bpol_decide(policy, at, bytes, 0, now, length, 0, place, place + 8) !== 0) throw new Error("not decided");
      exports.bpol_text_free(place + 8);
    }
  };
}
