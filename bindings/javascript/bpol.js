// Decides requests against a compiled bpol policy, and routes and cuts calls of the bank's API.
//
// What is unknown counts against the caller, and what cannot be read throws: nothing here falls back to allowing. Each
// policy has an instance of bpol.wasm of its own, so what breaks off in one leaves the others as they are.

import { read, written } from "./json.js";
import { Memory, Misused } from "./memory.js";

export { BpolError, Broken, Malformed, Misused, Refused, Unfiltered } from "./memory.js";

const FILE = new URL("./bpol.wasm", import.meta.url);

/** Handles that nobody can reach any more are freed, if sooner or later. */
const forgotten = new FinalizationRegistry(({ memory, name, handle }) => memory.free(name, handle));

let own;

export async function load(compiled, { offers, wasm } = {}) {
  const module = wasm === undefined ? await (own ??= fetched(FILE).catch((error) => { own = undefined; throw error; })) : await compile(wasm);
  const memory = new Memory(await WebAssembly.instantiate(module, {}));
  const bytes = typeof compiled === "object" && compiled !== null && !isBytes(compiled) ? JSON.stringify(compiled) : compiled;
  let place;
  const handle = memory.call(
    "bpol_policy_load",
    () => {
      place = memory.room(4);
      const words = offers === undefined ? undefined : [...offers].join(" ");
      return [...memory.bytes("the policy", bytes), ...memory.optional("offers", words), place];
    },
    () => memory.word(place),
  );
  return new Policy(SECRET, memory, handle);
}

function isBytes(value) {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

async function compile(wasm) {
  if (wasm instanceof WebAssembly.Module) return wasm;
  return isBytes(wasm) ? WebAssembly.compile(wasm) : fetched(new URL(wasm, import.meta.url));
}

async function fetched(url) {
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    return WebAssembly.compile(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Misused("misused", `${url} cannot be fetched: status ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Classes are made here alone. */
const SECRET = Symbol("made by bpol");

function isMadeHere(secret, what) {
  if (secret !== SECRET) throw new Misused("misused", what);
}

/** A handle in the memory of an instance. */
class Handle {
  #handle;
  #free;

  constructor(memory, handle, free) {
    this.memory = memory;
    this.#handle = handle;
    this.#free = free;
    forgotten.register(this, { memory, name: free, handle }, this);
  }

  get address() {
    if (this.#handle === 0) throw new Misused("misused", "this was freed and cannot be used again");
    return this.#handle;
  }

  free() {
    forgotten.unregister(this);
    this.memory.free(this.#free, this.#handle);
    this.#handle = 0;
  }
}

export class Policy {
  #own;

  constructor(secret, memory, handle) {
    isMadeHere(secret, "a policy is made by `load`");
    this.#own = new Handle(memory, handle, "bpol_policy_free");
  }

  decide(request, past = [], { now, approved = false } = {}) {
    const { memory, address } = this.#own;
    const text = written(request);
    return remembering(this, this.#own, past, (history) =>
      decision(memory, "bpol_decide", address, text, history, now, approved),
    );
  }

  history(entries = []) {
    return new History(SECRET, this, this.#own, entries);
  }

  route(method, target, headers, body, { key, ip } = {}) {
    const { memory, address } = this.#own;
    let place;
    const handle = memory.call(
      "bpol_route",
      () => {
        const pairs = typeof headers?.[Symbol.iterator] === "function" ? [...headers] : Object.entries(headers ?? {});
        const words = pairs.flatMap(([name, value]) => [
          ...memory.text("a header's name", name),
          ...memory.bytes(`the header ${name}`, value),
        ]);
        const parts = [
          ...memory.text("the key", key),
          ...memory.text("the method", method),
          ...memory.text("the target", target),
          ...memory.bytes("the body", body ?? ""),
          ...memory.optional("the address", ip),
          words.length === 0 ? 0 : memory.words(words),
          pairs.length,
        ];
        place = memory.room(4);
        return [address, memory.words(parts), place];
      },
      () => memory.word(place),
    );
    return new Call(SECRET, this, this.#own, handle);
  }

  free() {
    this.#own.free();
  }

  [Symbol.dispose ?? Symbol("dispose")]() {
    this.free();
  }
}

export class History {
  #policy;
  #of;
  #own;

  constructor(secret, policy, of, entries) {
    isMadeHere(secret, "a history is made by `policy.history`");
    const { memory } = of;
    let place;
    const handle = memory.call(
      "bpol_history_new",
      () => [(place = memory.room(4))],
      () => memory.word(place),
    );
    this.#policy = policy;
    this.#of = of;
    this.#own = new Handle(memory, handle, "bpol_history_free");
    try {
      this.add(...entries);
    } catch (error) {
      this.free();
      throw error;
    }
  }

  add(...entries) {
    const { memory, address } = this.#own;
    for (const entry of entries) {
      const text = written(entry);
      memory.call("bpol_history_add", () => [address, this.#of.address, ...memory.text("an entry", text)]);
    }
  }

  /** Its address, for the policy that it was made for. */
  static address(history, policy) {
    if (history.#policy !== policy) throw new Misused("misused", "this past was read by another policy");
    return history.#own.address;
  }

  free() {
    this.#own.free();
  }

  [Symbol.dispose ?? Symbol("dispose")]() {
    this.free();
  }
}

export class Call {
  #policy;
  #of;
  #own;

  constructor(secret, policy, of, handle) {
    isMadeHere(secret, "a call is made by `policy.route`");
    this.#policy = policy;
    this.#of = of;
    this.#own = new Handle(of.memory, handle, "bpol_call_free");
  }

  get action() {
    return this.#described().action;
  }

  get resource() {
    return this.#described().resource;
  }

  get answer() {
    return this.#described().answer;
  }

  get request() {
    return this.#described().request;
  }

  lookUps() {
    return this.#described().look_ups;
  }

  #described() {
    const { memory, address } = this.#own;
    let place;
    const text = memory.call(
      "bpol_call_describe",
      () => [address, (place = memory.room(8))],
      () => memory.takeText(place),
    );
    return read(text);
  }

  lookedUp(answer) {
    const { memory, address } = this.#own;
    memory.call("bpol_call_looked_up", () => [address, ...memory.bytes("the answer", answer)]);
  }

  knowAccount(id, { iban, name, kind } = {}) {
    const { memory, address } = this.#own;
    memory.call("bpol_call_know_account", () => [
      address,
      number("the account", id),
      ...memory.optional("the IBAN", iban),
      ...memory.optional("the name", name),
      ...memory.optional("the kind", kind),
    ]);
  }

  knowPayee(iban, { own, favorite } = {}) {
    const { memory, address } = this.#own;
    memory.call("bpol_call_know_payee", () => [
      address,
      ...memory.text("the IBAN", iban),
      truth("own", own),
      truth("favorite", favorite),
    ]);
  }

  knowCreated(collection, ids) {
    const { memory, address } = this.#own;
    memory.call("bpol_call_know_created", () => {
      const numbers = [...ids].map((id) => number("a record", id));
      return [address, ...memory.text("the collection", collection), memory.numbers(numbers), numbers.length];
    });
  }

  decide(past = [], { now, approved = false } = {}) {
    const { memory, address } = this.#own;
    return remembering(this.#policy, this.#of, past, (history) =>
      decision(memory, "bpol_call_decide", address, undefined, history, now, approved),
    );
  }

  cut({ status, contentType = "", body }, past = [], { now, approved = false } = {}) {
    const { memory, address } = this.#own;
    if (!Number.isInteger(status) || status < 0 || status > 65535) throw new Misused("misused", `the status is ${status}`);
    let place;
    return remembering(this.#policy, this.#of, past, (history) =>
      memory.call(
        "bpol_call_cut",
        () => {
          place = memory.room(16);
          const given = [...memory.text("the content type", contentType ?? ""), ...memory.bytes("the body", body)];
          return [address, status, ...given, history, ...memory.text("`now`", time(now)), Number(isTrue(approved)), place];
        },
        () => {
          const [kept, dropped] = [memory.word(place + 8), memory.word(place + 12)];
          return { body: memory.takeBytes(place), kept, dropped };
        },
      ),
    );
  }

  free() {
    this.#own.free();
  }

  [Symbol.dispose ?? Symbol("dispose")]() {
    this.free();
  }
}

/** Runs with the address of a past; one that was handed over as entries is read for this once. */
function remembering(policy, of, past, act) {
  if (past instanceof History) return act(History.address(past, policy));
  const entries = [...past];
  if (entries.length === 0) return act(0);
  const history = new History(SECRET, policy, of, entries);
  try {
    return act(History.address(history, policy));
  } finally {
    history.free();
  }
}

/** Calls a function that decides, on the address of a policy and a request, or on that of a call. */
function decision(memory, name, address, request, history, now, approved) {
  const place = memory.room(16);
  const told = memory.call(
    name,
    () => {
      const args = [address];
      if (request !== undefined) memory.lend(args, "the request", request);
      args.push(history);
      memory.lend(args, "`now`", time(now));
      args.push(Number(isTrue(approved)), place, place + 8);
      return args;
    },
    () => JSON.parse(memory.takeText(place + 8)),
  );
  if (told.reason === "malformed") Object.defineProperty(told, "message", { value: memory.said("message") });
  return told;
}

/** Only `true` approves: a text such as "false" is true to JavaScript. */
function isTrue(approved) {
  if (typeof approved !== "boolean") throw new Misused("misused", "`approved` is neither true nor false");
  return approved;
}

function time(now) {
  if (now !== undefined && !(now instanceof Date)) return now;
  const date = now ?? new Date();
  if (Number.isNaN(date.getTime())) throw new Misused("misused", "`now` is no time");
  return date.toISOString();
}

function truth(what, value) {
  if (value === undefined || value === null) return -1;
  if (typeof value !== "boolean") throw new Misused("misused", `\`${what}\` is neither true nor false`);
  return Number(value);
}

/** A number of the bank's, unrounded. */
function number(what, value) {
  const safe = typeof value === "bigint" || Number.isSafeInteger(value);
  const big = safe ? BigInt(value) : -1n;
  if (big < 0n || big >= 1n << 64n) throw new Misused("misused", `${what} has no number \`${value}\`: write a whole one, beyond 2^53 as a BigInt`);
  return big;
}
