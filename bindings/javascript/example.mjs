// Decides the sample request of the definition: `node bindings/javascript/example.mjs policy.json`.
import { readFile } from "node:fs/promises";
import { load } from "./bpol.js";

const policy = await load(await readFile(process.argv[2]));
const request = {
  key: "ynab",
  action: "read",
  resource: "transaction",
  account: { name: "Groceries" },
  record: { created: "2026-11-14T10:00:00Z" },
};
console.log(policy.decide(request, [], { now: "2026-11-24T10:00:00Z" }).decision);
