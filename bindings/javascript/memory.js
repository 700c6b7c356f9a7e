// The memory of one instance of bpol.wasm, and how its functions are called. Knows nothing of policies.
//
// An instance that trapped may have stopped in the middle of anything, so nothing of it is used again: each later call
// throws, too, which a gateway takes for a denial.

const SLICE = 8;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** What a function of the engine threw. `code` says which kind it is, and is the same for ever. */
export class BpolError extends Error {
  constructor(code, message, options) {
    super(message, options);
    this.name = this.constructor.name;
    this.code = code;
  }
}

/** A policy, an entry of the past or a time that cannot be read. */
export class Malformed extends BpolError {}

/** A call that must not be forwarded. */
export class Refused extends BpolError {
  constructor(code, message, place) {
    super(code, message);
    this.place = place;
  }
}

/** An answer of which nothing may be passed on. */
export class Unfiltered extends BpolError {
  constructor(code, message, place) {
    super(code, message);
    this.place = place;
  }
}

/** A function that was called in a way in which it cannot be called. */
export class Misused extends BpolError {}

/** The engine broke off. Nothing that was loaded with it can be used again; a policy that is loaded anew can. */
export class Broken extends BpolError {}

const FAULTS = [undefined, Malformed, Refused, Unfiltered, Misused, Broken];

export class Memory {
  #exports;
  #broken;
  #lent = [];

  constructor(instance) {
    this.#exports = instance.exports;
  }

  /** Calls a function that gives a status, with what `lend` and its like gave, and gives back all that was lent. */
  call(name, prepare, finish = () => undefined) {
    try {
      const status = this.#run(name, prepare());
      if (status !== 0) throw this.#fault(status);
      return finish();
    } finally {
      this.#giveBack();
    }
  }

  /** Frees a handle or a text by the address of its place. */
  free(name, handle) {
    if (this.#broken || handle === 0) return;
    try {
      const place = this.room(SLICE);
      this.#view().setUint32(place, handle, true);
      this.#run(name, [place]);
    } finally {
      this.#giveBack();
    }
  }

  /** Room that is given back after the call, empty. */
  room(length) {
    const at = this.#run("bpol_memory", [length]) >>> 0;
    if (at === 0) throw new Misused("misused", `there is no memory for ${length} bytes`);
    this.#lent.push([at, length]);
    return at;
  }

  /** Lends a text, as its address and its length. */
  text(what, value) {
    if (typeof value !== "string") throw new Misused("misused", `${what} is no text`);
    // An encoder would put another character there without a word.
    if (!value.isWellFormed()) throw new Malformed("malformed", `${what} is no Unicode: half a pair stands in it`);
    return this.bytes(what, encoder.encode(value));
  }

  /** The same, and null where there is none. */
  optional(what, value) {
    return value === undefined || value === null ? [0, 0] : this.text(what, value);
  }

  bytes(what, value) {
    const bytes = typeof value === "string" ? encoder.encode(value) : plain(what, value);
    const at = this.room(bytes.length);
    new Uint8Array(this.#exports.memory.buffer, at, bytes.length).set(bytes);
    return [at, bytes.length];
  }

  /** Lends a list of 32-bit words. */
  words(words) {
    const at = this.room(words.length * 4);
    const view = this.#view();
    words.forEach((word, place) => view.setUint32(at + place * 4, word, true));
    return at;
  }

  /** Lends a list of 64-bit numbers. */
  numbers(numbers) {
    const at = this.room(numbers.length * 8);
    const view = this.#view();
    numbers.forEach((number, place) => view.setBigUint64(at + place * 8, number, true));
    return at;
  }

  word(at) {
    return this.#view().getUint32(at, true);
  }

  /** Takes the bytes of a result out of memory, and frees them there. */
  takeBytes(at) {
    const [data, length] = [this.word(at), this.word(at + 4)];
    const bytes = new Uint8Array(this.#exports.memory.buffer, data, length).slice();
    this.#run("bpol_text_free", [at]);
    return bytes;
  }

  takeText(at) {
    return decoder.decode(this.takeBytes(at));
  }

  /** What the engine says of its last fault. */
  said(what) {
    const at = this.#run(`bpol_error_${what}`, []) >>> 0;
    const bytes = new Uint8Array(this.#exports.memory.buffer, at);
    return decoder.decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  #run(name, args) {
    if (this.#broken) {
      const message = "the engine broke off before: take this for a denial, and load the policy anew";
      throw new Broken("broken", message, { cause: this.#broken });
    }
    try {
      return this.#exports[name](...args);
    } catch (trap) {
      this.#broken = trap;
      const message = `the engine broke off (${trap.message}): take this for a denial, and load the policy anew`;
      throw new Broken("broken", message, { cause: trap });
    }
  }

  #fault(status) {
    const Fault = FAULTS[status] ?? Broken;
    return new Fault(this.said("name"), this.said("message"), this.said("place"));
  }

  #giveBack() {
    const lent = this.#lent.splice(0);
    if (!this.#broken) lent.forEach(([at, length]) => this.#run("bpol_memory_free", [at, length]));
  }

  /** Made anew each time: memory that grows leaves old views empty. */
  #view() {
    return new DataView(this.#exports.memory.buffer);
  }
}

function plain(what, value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw new Misused("misused", `${what} is neither a text nor bytes`);
}
