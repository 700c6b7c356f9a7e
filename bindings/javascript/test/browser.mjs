// Loads the module in a page of Chromium and decides the sample request there, and lets an engine trap.
// `node bindings/javascript/test/browser.mjs`, with playwright-core installed and a browser named by BPOL_CHROMIUM.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { chromium } from "playwright-core";

const ROOT = new URL("../../../", import.meta.url);
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };

const server = createServer(async ({ url }, response) => {
  try {
    const page = url === "/" ? "<!doctype html><title>bpol</title>" : await readFile(new URL(`.${url}`, ROOT));
    response.writeHead(200, { "content-type": TYPES[extname(url)] ?? "text/html" }).end(page);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const browser = await chromium.launch({
  executablePath: process.env.BPOL_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const told = await page.evaluate(async () => {
    const { load } = await import("/bindings/javascript/bpol.js");
    const { trapping } = await import("/bindings/javascript/test/trapping.mjs");
    const compiled = await (await fetch("/conformance/decide/request.json")).arrayBuffer();
    const lines = (await (await fetch("/conformance/decide/request.ndjson")).text()).trim().split("\n").map((line) => JSON.parse(line));
    const policy = await load(compiled);
    const words = lines.map(({ request, text, past, now }) => policy.decide(text ?? request, past, { now }).decision);
    const gateway = await (await fetch("/engine/tests/data/gateway.json")).text();
    const call = (await load(gateway)).route("GET", "/v1/user/1/monetary-account/42/payment", new Headers({ a: "b" }), null, { key: "shop" });
    const wasm = await (await fetch("/bindings/javascript/bpol.wasm")).arrayBuffer();
    const broken = await load(compiled, { wasm: trapping(wasm, "bpol_decide") });
    const names = [0, 1].map(() => {
      try {
        return broken.decide("{}").decision;
      } catch (error) {
        return error.name;
      }
    });
    return { words, expected: lines.map(({ expect }) => expect.decision), names, call: `${call.action} ${call.resource}` };
  });
  assert.deepEqual(told.words, told.expected);
  assert.deepEqual(told.names, ["Broken", "Broken"]);
  assert.equal(told.call, "read transaction");
  console.log(`${browser.version()}: ${told.words.length} requests decided, a call routed, a trap denied`);
} finally {
  await browser.close();
  server.close();
}
