// The memory of one instance of bpol.wasm, and how its functions are called. Knows nothing of policies.
//
// An instance that trapped may have stopped in the middle of anything, so nothing of it is used again: each later call
// throws, too, which a gateway takes for a denial.

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
  constructor(code, message, place = "") {
    super(code, message);
    this.place = place;
  }
}

/** An answer of which nothing may be passed on. */
export class Unfiltered extends BpolError {
  constructor(code, message, place = "") {
    super(code, message);
    this.place = place;
  }
}

/** A function that was called in a way in which it cannot be called. */
export class Misused extends BpolError {}

/** The engine broke off. Nothing that was loaded with it can be used again; a policy that is loaded anew can. */
export class Broken extends BpolError {}

const FAULTS = [undefined, Malformed, Refused, Unfiltered, Misused, Broken];

/** Room that is there for every call, so that only what is longer asks the engine for memory. */
const SCRATCH = 16384;
/** A shorter text is written where it goes; a unit of it has three bytes at the most. */
const SHORT = SCRATCH / 8;

export class Memory {
  #exports;
  #broken;
  #bytes = new Uint8Array();
  #view = new DataView(new ArrayBuffer());
  #scratch = 0;
  #used = 0;
  #lent = [];

  constructor(instance) {
    this.#exports = instance.exports;
    this.#scratch = this.#asked(SCRATCH);
  }

  /** Calls a function that gives a status, with what `text` and its like lend, and takes back all that was lent. */
  call(name, prepare, finish) {
    try {
      const status = this.#run(name, prepare());
      if (status !== 0) throw this.#fault(status);
      return finish?.();
    } finally {
      this.#takeBack();
    }
  }

  /** Frees a handle. */
  free(name, handle) {
    if (this.#broken || handle === 0) return;
    try {
      const place = this.room(4);
      this.#look();
      this.#view.setUint32(place, handle, true);
      this.#run(name, [place]);
    } finally {
      this.#takeBack();
    }
  }

  /** Room that is taken back after the call. What stands in it is old. */
  room(length) {
    const whole = (length + 7) & ~7;
    if (length > SCRATCH || this.#used + whole > SCRATCH) {
      const at = this.#asked(length);
      this.#lent.push([at, length]);
      return at;
    }
    const at = this.#scratch + this.#used;
    this.#used += whole;
    return at;
  }

  /** Lends a text, as its address and its length. */
  text(what, value) {
    const args = [];
    this.lend(args, what, value);
    return args;
  }

  /** The same, added to the arguments of a function: the way of decisions, which are many. */
  lend(args, what, value) {
    if (typeof value !== "string") throw new Misused("misused", `${what} is no text`);
    // An encoder would put another character there without a word.
    if (!value.isWellFormed()) throw new Malformed("malformed", `${what} is no Unicode: half a pair stands in it`);
    if (value.length > SHORT) {
      args.push(...this.bytes(what, encoder.encode(value)));
      return;
    }
    const at = this.room(value.length * 3);
    this.#look();
    args.push(at, encoder.encodeInto(value, this.#bytes.subarray(at, at + value.length * 3)).written);
  }

  /** The same, and null where there is none. */
  optional(what, value) {
    return value === undefined || value === null ? [0, 0] : this.text(what, value);
  }

  /** Lends bytes. */
  bytes(what, value) {
    if (typeof value === "string") return this.text(what, value);
    const bytes = plain(what, value);
    const at = this.room(bytes.length);
    this.#look();
    this.#bytes.set(bytes, at);
    return [at, bytes.length];
  }

  /** Lends a list of 32-bit words. */
  words(words) {
    const at = this.room(words.length * 4);
    this.#look();
    words.forEach((word, place) => this.#view.setUint32(at + place * 4, word, true));
    return at;
  }

  /** Lends a list of 64-bit numbers. */
  numbers(numbers) {
    const at = this.room(numbers.length * 8);
    this.#look();
    numbers.forEach((number, place) => this.#view.setBigUint64(at + place * 8, number, true));
    return at;
  }

  word(at) {
    this.#look();
    return this.#view.getUint32(at, true);
  }

  /** Takes the bytes of a result out of memory, and frees them there. */
  takeBytes(at) {
    const [data, length] = [this.word(at), this.word(at + 4)];
    const bytes = this.#bytes.slice(data, data + length);
    this.#run("bpol_text_free", [at]);
    return bytes;
  }

  takeText(at) {
    const [data, length] = [this.word(at), this.word(at + 4)];
    const text = this.#textAt(data, length);
    this.#run("bpol_text_free", [at]);
    return text;
  }

  /** What the engine says of its last fault. */
  said(what) {
    const at = this.#run(`bpol_error_${what}`, []) >>> 0;
    this.#look();
    return this.#textAt(at, this.#bytes.indexOf(0, at) - at);
  }

  #textAt(at, length) {
    return decoder.decode(this.#bytes.subarray(at, at + length));
  }

  #asked(length) {
    const at = this.#run("bpol_memory", [length]) >>> 0;
    if (at === 0) throw new Misused("misused", `there is no memory for ${length} bytes`);
    return at;
  }

  #run(name, args) {
    if (this.#broken) {
      const message = "the engine broke off before: take this for a denial, and load the policy anew";
      throw new Broken("broken", message, { cause: this.#broken });
    }
    try {
      return this.#exports[name].apply(undefined, args);
    } catch (trap) {
      this.#broken = trap;
      const message = `the engine broke off (${trap.message}): take this for a denial, and load the policy anew`;
      throw new Broken("broken", message, { cause: trap });
    }
  }

  #fault(status) {
    const Fault = FAULTS[status] ?? Broken;
    const [name, message, place] = ["name", "message", "place"].map((what) => this.said(what));
    return Fault === Refused || Fault === Unfiltered ? new Fault(name, message, place) : new Fault(name, message);
  }

  #takeBack() {
    this.#used = 0;
    if (this.#lent.length === 0) return;
    const lent = this.#lent.splice(0);
    if (!this.#broken) lent.forEach(([at, length]) => this.#run("bpol_memory_free", [at, length]));
  }

  /** Looks at memory anew when it has grown, which leaves old views empty. */
  #look() {
    if (this.#bytes.length !== 0) return;
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#view = new DataView(this.#exports.memory.buffer);
  }
}

function plain(what, value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw new Misused("misused", `${what} is neither a text nor bytes`);
}
