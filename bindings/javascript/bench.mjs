// How long a decision takes in WebAssembly, beside the engine itself, measured in turns in one run: `node bench.mjs PACE`,
// with the path of the engine's example `pace`, built with --release. Prints ratios and claims nothing.

import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { load } from "./bpol.js";

const [pace] = process.argv.slice(2);
const ROUNDS = 300;
const NOW = "2026-11-24T10:00:00Z";

for (const name of ["request", "clauses", "counters"]) {
  const files = ["json", "ndjson"].map((kind) => new URL(`../../conformance/decide/${name}.${kind}`, import.meta.url).pathname);
  const policy = await load(await readFile(files[0]));
  const lines = (await readFile(files[1], "utf8")).trim().split("\n");
  const requests = lines.map((line) => JSON.parse(line).request).filter((request) => request !== undefined);
  const past = policy.history();
  const fastest = { native: Infinity, text: Infinity, object: Infinity };
  const texts = requests.map((request) => JSON.stringify(request));
  for (let turn = 0; turn < 5; turn += 1) {
    fastest.native = Math.min(fastest.native, Number(execFileSync(pace, [...files, String(ROUNDS)], { encoding: "utf8" })));
    fastest.text = Math.min(fastest.text, measure(policy, past, texts));
    fastest.object = Math.min(fastest.object, measure(policy, past, requests));
  }
  const { native, text, object } = fastest;
  console.log(
    `${name}: ${requests.length} requests; native ${native.toFixed(0)} ns; text in ${text.toFixed(0)} ns, ${(text / native).toFixed(2)} times; ` +
      `object in ${object.toFixed(0)} ns, ${(object / native).toFixed(2)} times`,
  );
}

function measure(policy, past, requests) {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begin = process.hrtime.bigint();
    for (const request of requests) policy.decide(request, past, { now: NOW });
    best = Math.min(best, Number(process.hrtime.bigint() - begin) / requests.length);
  }
  return best;
}
