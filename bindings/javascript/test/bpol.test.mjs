// What the engine says through JavaScript. `node --test bindings/javascript/test`, after build.sh.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Broken, Call, History, load, Malformed, Misused, Policy, Refused, Unfiltered } from "../bpol.js";
import { trapping } from "./trapping.mjs";

const COMPILED = await readFile(new URL("../../../engine/tests/data/gateway.json", import.meta.url));
const WASM = await readFile(new URL("../bpol.wasm", import.meta.url));
const NOW = "2026-11-24T10:00:00Z";
const PAYMENTS = "/v1/user/1/monetary-account/42/payment";
const PAYMENT = {
  key: "shop",
  action: "create",
  resource: "payment",
  account: { id: 42 },
  payee: { iban: "NL91ABNA0417164300" },
  amount: { value: "49.00", currency: "EUR" },
  method: "transfer",
};

const policy = await load(COMPILED);

function body(value) {
  const alias = { type: "IBAN", value: "NL91ABNA0417164300", name: "Baker" };
  return JSON.stringify({ amount: { value, currency: "EUR" }, counterparty_alias: alias, description: "bread" });
}

function paying(value) {
  return { ...PAYMENT, amount: { value, currency: "EUR" } };
}

/** What is thrown, by its kind and its stable name. */
async function check_throws(act, kind, code, message = /./) {
  await assert.rejects(async () => act(), (error) => {
    assert.ok(error instanceof kind, `${error}`);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

test("49 EUR is allowed and 51 EUR is asked", () => {
  const { decision, reason, by } = policy.decide(PAYMENT, [], { now: NOW });
  assert.deepEqual({ decision, reason, by }, { decision: "allow", reason: "rule", by: ["shop#1"] });
  assert.equal(policy.decide(paying("51.00"), [], { now: new Date(NOW) }).decision, "ask");
  assert.equal(policy.decide(paying("51.00"), [], { now: NOW, approved: true }).decision, "allow");
});

test("an amount keeps every digit", () => {
  const { reserve } = policy.decide(paying("0.10"), [], { now: NOW });
  assert.equal(reserve[0].amount, "0.10");
  assert.equal(policy.decide(paying("50.00"), [], { now: NOW }).decision, "allow");
  assert.equal(policy.decide(paying("50.01"), [], { now: NOW }).decision, "ask");
});

test("the clock of the machine counts when no time is said", () => {
  assert.equal(policy.decide(PAYMENT).decision, "allow");
});

test("a past uses a budget up, as entries and as a history", () => {
  const past = [{ ...paying("460.00"), time: NOW }];
  const now = "2026-11-24T11:00:00Z";
  assert.equal(policy.decide(JSON.stringify(PAYMENT), past, { now }).decision, "deny");
  const history = policy.history();
  assert.equal(policy.decide(PAYMENT, history, { now }).decision, "allow");
  history.add(...past);
  assert.equal(policy.decide(PAYMENT, history, { now }).decision, "deny");
  history.free();
});

test("a past that another policy read is refused", async () => {
  const other = await load(COMPILED);
  await check_throws(() => policy.decide(PAYMENT, other.history(), { now: NOW }), Misused, "misused", /another policy/);
});

test("what cannot be read is denied or throws", async () => {
  const twice = policy.decide('{"key": "shop", "key": "books"}', [], { now: NOW });
  assert.deepEqual([twice.decision, twice.reason], ["deny", "malformed"]);
  assert.match(twice.message, /twice/);
  assert.ok(!("message" in JSON.parse(JSON.stringify(twice))));
  assert.equal(policy.decide({ ...PAYMENT, amount: 49 }, [], { now: NOW }).reason, "malformed");
  assert.equal(policy.decide("{", [], { now: NOW }).reason, "malformed");
  await check_throws(() => policy.decide(PAYMENT, [PAYMENT], { now: NOW }), Malformed, "malformed", /its `time`/);
  await check_throws(() => policy.decide(PAYMENT, [], { now: "today" }), Malformed, "malformed", /`today` is no instant/);
  await check_throws(() => policy.decide(PAYMENT, [], { now: 5 }), Misused, "misused", /`now` is no text/);
  await check_throws(() => policy.decide(PAYMENT, [], { now: new Date("x") }), Misused, "misused", /no time/);
  await check_throws(() => policy.decide(PAYMENT, [], { now: NOW, approved: "false" }), Misused, "misused", /approved/);
  await check_throws(() => policy.decide(undefined, [], { now: NOW }), Malformed, "malformed", /no JSON/);
});

test("a number that JavaScript rounds is refused, and its text is not", async () => {
  const account = { id: 9007199254740993 };
  await check_throws(() => policy.decide({ ...PAYMENT, account }, [], { now: NOW }), Malformed, "malformed", /rounds/);
  await check_throws(() => policy.decide({ ...PAYMENT, account: { id: 42n } }), Malformed, "malformed", /as text/);
  await check_throws(() => policy.decide({ ...PAYMENT, account: { id: NaN } }), Malformed, "malformed", /rounds/);
  await check_throws(() => policy.decide({ ...PAYMENT, account: { id: 1e21 } }), Malformed, "malformed", /rounds/);
  const text = JSON.stringify(PAYMENT).replace('"id":42', '"id":9007199254740993');
  assert.equal(policy.decide(text, [], { now: NOW }).reason, "default");
  const target = PAYMENTS.replace("42", "9007199254740993");
  const call = policy.route("GET", target, [], "", { key: "shop" });
  assert.deepEqual(call.request.account, { id: 9007199254740993n });
  assert.deepEqual(call.lookUps(), [{ account: 9007199254740993n }]);
});

test("half a pair is no text", async () => {
  await check_throws(() => policy.decide('{"key": "\ud800"}', [], { now: NOW }), Malformed, "malformed", /half a pair/);
  assert.equal(policy.decide({ ...PAYMENT, key: "\ud800" }, [], { now: NOW }).decision, "deny");
});

test("a policy that cannot be read or requires more is refused", async () => {
  await check_throws(() => load("{}"), Malformed, "malformed");
  await check_throws(() => load("no policy"), Malformed, "malformed");
  await check_throws(() => load(new Uint8Array([0xff, 0xfe])), Malformed, "malformed");
  await check_throws(() => load(7), Misused, "misused", /neither a text nor bytes/);
  await check_throws(() => load(COMPILED, { offers: ["client-ip"] }), Malformed, "malformed", /counters/);
  await check_throws(() => load(COMPILED, { offers: ["bodi"] }), Malformed, "malformed", /`bodi` is nothing/);
});

test("a policy is loaded as text, as bytes, as an object and with another wasm", async () => {
  const text = COMPILED.toString();
  const wasm = await WebAssembly.compile(WASM);
  for (const [compiled, options] of [[text], [JSON.parse(text)], [new Uint8Array(COMPILED).buffer], [text, { wasm }], [text, { wasm: WASM }]]) {
    assert.equal((await load(compiled, options)).decide(PAYMENT, [], { now: NOW }).decision, "allow");
  }
});

test("a payment is routed and decided", () => {
  const call = policy.route("POST", PAYMENTS, [["X-Bunq-Language", "en_US"]], body("49.00"), { key: "shop" });
  assert.deepEqual([call.action, call.resource, call.answer], ["create", "payment", false]);
  assert.equal(call.decide([], { now: NOW }).decision, "allow");
  assert.equal(call.request.amount.value, "49.00");
  assert.deepEqual(call.lookUps(), [{ account: 42 }, { payee: "NL91ABNA0417164300" }]);
  const other = policy.route("POST", PAYMENTS, new Headers({ a: "b" }), new TextEncoder().encode(body("49.00")), { key: "books" });
  assert.equal(other.decide([], { now: NOW }).decision, "deny");
});

test("a second spelling is refused by name and place", async () => {
  const act = () => policy.route("GET", `${PAYMENTS}/`, {}, null, { key: "shop" });
  await check_throws(act, Refused, "trailing-slash");
  try {
    act();
  } catch (error) {
    assert.equal(error.place, "the path");
  }
  const number = '{"amount": {"value": 49, "currency": "EUR"}}';
  await check_throws(() => policy.route("POST", PAYMENTS, [], number, { key: "shop" }), Refused, "amount-not-text");
  const cut = new Uint8Array([0x7b, 0xff]);
  await check_throws(() => policy.route("POST", PAYMENTS, [], cut, { key: "shop" }), Refused, "body-not-utf8");
  await check_throws(() => policy.route("GET", PAYMENTS, [], "", { key: "shop", ip: "here" }), Malformed, "malformed");
  await check_throws(() => policy.route("GET", PAYMENTS, [], "", {}), Misused, "misused", /the key is no text/);
});

test("an answer is cut", async () => {
  const call = policy.route("GET", PAYMENTS, [], "", { key: "shop" });
  const records = [
    { Payment: { id: 1, created: "2026-11-20 08:00:00.000000", description: "bread", geolocation: {} } },
    { Payment: { id: 2, created: "2020-01-01 08:00:00.000000", description: "old" } },
  ];
  const given = JSON.stringify({ Response: records, Pagination: { older_url: `${PAYMENTS}?older_id=2` } });
  const cut = call.cut({ status: 200, contentType: "application/json", body: given }, [], { now: NOW });
  const seen = { id: 1, created: "2026-11-20 08:00:00.000000", description: "bread" };
  assert.deepEqual([cut.kept, cut.dropped], [1, 1]);
  const told = JSON.parse(new TextDecoder().decode(cut.body));
  assert.deepEqual(told, { Response: [{ Payment: seen }], Pagination: { older_url: null } });
  const twice = { status: 200, contentType: "application/json", body: '{"Response": [], "Response": []}' };
  await check_throws(() => call.cut(twice, [], { now: NOW }), Unfiltered, "duplicate-key");
  await check_throws(() => call.cut({ ...twice, status: 65736 }, [], { now: NOW }), Misused, "misused", /65736/);
});

test("an answer to what is denied is not passed on", async () => {
  const call = policy.route("GET", PAYMENTS, [], "", { key: "nobody" });
  const given = { status: 200, contentType: "application/json", body: '{"Response": []}' };
  await check_throws(() => call.cut(given, [], { now: NOW }), Unfiltered, "not-allowed");
});

test("what the gateway knows counts", async () => {
  const target = "/v1/user/1/monetary-account/42/request-inquiry/7";
  const call = policy.route("PUT", target, [], '{"status": "REVOKED"}', { key: "shop" });
  assert.deepEqual([call.action, call.resource], ["cancel", "request"]);
  assert.equal(call.decide([], { now: NOW }).decision, "deny");
  const [collection] = call.lookUps().find((look_up) => "record" in look_up).record;
  call.knowCreated(collection, [7]);
  assert.equal(call.decide([], { now: NOW }).decision, "allow");
  call.knowCreated(collection, new Set([8n]));
  assert.equal(call.decide([], { now: NOW }).decision, "deny");
  call.knowAccount(42, { kind: "bank" });
  call.knowPayee("NL91ABNA0417164300", { own: false });
  await check_throws(() => call.knowCreated(collection, [1.5]), Misused, "misused", /1.5/);
  await check_throws(() => call.knowPayee("NL91ABNA0417164300", { own: 1 }), Misused, "misused", /`own`/);
});

test("what is freed cannot be used again, and can be freed again", async () => {
  const own = await load(COMPILED);
  const call = own.route("GET", PAYMENTS, [], "", { key: "shop" });
  own.free();
  own.free();
  await check_throws(() => own.decide(PAYMENT, [], { now: NOW }), Misused, "misused", /freed/);
  assert.equal(call.decide([], { now: NOW }).decision, "allow");
  call.free();
  await check_throws(() => call.decide([], { now: NOW }), Misused, "misused", /freed/);
});

test("nothing is made but by its maker", async () => {
  for (const kind of [Policy, History, Call]) await check_throws(() => new kind(), Misused, "misused", /is made by/);
});

test("two thousand calls that are freed leave no more memory in use", async () => {
  const sizes = [];
  const instantiate = WebAssembly.instantiate;
  let memory;
  WebAssembly.instantiate = async (...given) => {
    const instance = await instantiate(...given);
    memory = instance.exports.memory;
    return instance;
  };
  const own = await load(COMPILED).finally(() => (WebAssembly.instantiate = instantiate));
  const past = [{ ...paying("1.00"), time: NOW }];
  for (let round = 0; round < 2000; round += 1) {
    own.decide(PAYMENT, past, { now: NOW });
    const call = own.route("POST", PAYMENTS, [], body("49.00"), { key: "shop" });
    call.decide(past, { now: NOW });
    call.free();
    await check_throws(() => own.route("GET", "/v1", [], "", { key: "shop" }), Refused, "no-route");
    if (round === 100) sizes.push(memory.buffer.byteLength);
  }
  assert.equal(memory.buffer.byteLength, sizes[0]);
});

test("an engine that trapped is not used again, and others go on", async () => {
  for (const [name, act] of [
    ["bpol_decide", (policy) => policy.decide(PAYMENT, [], { now: NOW })],
    ["bpol_route", (policy) => policy.route("GET", PAYMENTS, [], "", { key: "shop" })],
  ]) {
    const broken = await load(COMPILED, { wasm: trapping(WASM, name) });
    const call = name === "bpol_decide" ? broken.route("GET", PAYMENTS, [], "", { key: "shop" }) : undefined;
    await check_throws(() => act(broken), Broken, "broken", /broke off \(unreachable\)/);
    await check_throws(() => broken.decide(PAYMENT, [], { now: NOW }), Broken, "broken", /before/);
    await check_throws(() => broken.route("GET", PAYMENTS, [], "", { key: "shop" }), Broken, "broken", /before/);
    if (call) await check_throws(() => call.decide([], { now: NOW }), Broken, "broken", /before/);
    broken.free();
  }
  assert.equal(policy.decide(PAYMENT, [], { now: NOW }).decision, "allow");
});
