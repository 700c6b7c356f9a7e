// The engine in WebAssembly under the conformance suite:
// `python3 conformance/run.py -- node bindings/javascript/conform.mjs`.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { load, Refused, Unfiltered } from "./bpol.js";

const policy = await load(await readFile(process.argv.at(-1)));
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}

function answer({ now, past = [], request, text, call, answer: given }) {
  if (call === undefined) return policy.decide(text ?? request, past, { now });
  try {
    const routed = policy.route(call.method, call.target, call.headers ?? [], call.body ?? "", { key: call.key });
    if (given === undefined) return { request: routed.request };
    const { decision } = routed.decide(past, { now });
    if (decision !== "allow") return { decision };
    const { status, content_type: contentType, body } = given;
    const cut = routed.cut({ status, contentType, body }, past, { now });
    return { ...cut, body: json(new TextDecoder().decode(cut.body)) };
  } catch (error) {
    if (error instanceof Refused) return { refused: error.code };
    if (error instanceof Unfiltered) return { unfiltered: error.code };
    throw error;
  }
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
