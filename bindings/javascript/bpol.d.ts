/**
 * Decides requests against a compiled bpol policy, and routes and cuts calls of the bank's API.
 *
 * What is unknown counts against the caller, and what cannot be read throws: nothing here falls back to allowing. Whatever
 * is thrown means to deny.
 */

/** A value as JSON has it. A number that JavaScript would round is refused; write such a request as text. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json | undefined };

/** A request or an entry of the past: an object, or its JSON text, which is read as it stands. */
export type Written = string | { [name: string]: Json | undefined };

/** Bytes as they came; a text stands for its UTF-8. */
export type Bytes = string | ArrayBuffer | ArrayBufferView;

/** An instant: a `Date`, or a text of RFC 3339 with its offset. */
export type Time = Date | string;

/** What was done before: entries, which are read anew for each question, or a history, which is read once. */
export type Past = Iterable<Written> | History;

/** When, and whether a person has approved. */
export interface Circumstances {
  /** The time of a request that says none; the machine's clock when it is left out. */
  now?: Time;
  /** Whether a person approved what is asked: then `ask` counts as `allow`. */
  approved?: boolean;
}

/** What to reserve on a counter before the call is forwarded. */
export interface Reservation {
  counter: string;
  /** For a counter of money; absent when it is not known, which makes the sum unknown. */
  amount?: string;
  currency?: string;
  /** For a counter of times. */
  times?: number;
  /** The first instant of the calendar period, and of the next. */
  from?: string;
  until?: string;
}

/** A rule that came close to allowing: for the policy's owner, never for the key's holder. */
export interface Near {
  rule: string;
  failed: { clause: string; value: "false" | "unknown"; distance: string }[];
}

/** What is decided, and why. Amounts are texts, so that nobody rounds them. */
export interface Decision {
  decision: "allow" | "ask" | "deny";
  reason: "rule" | "default" | "malformed" | "unknown-key" | "base";
  /** The ids of the rules that decided, in the order of the policy. */
  by: string[];
  /** Whether every record of the answer is to be decided by itself: cut it. */
  each: boolean;
  /** The fields that the answer may show; null where the decision does not say. */
  fields: string[] | null;
  reserve: Reservation[];
  near: Near[];
  /** What is wrong with a malformed request, for people. It is not written by `JSON.stringify`. */
  readonly message?: string;
}

/** Something to find out before deciding. */
export type LookUp =
  /** Fetch this path from the bank, and hand the answer to {@link Call.lookedUp}. */
  | { object: string }
  /** See {@link Call.knowAccount}. */
  | { account: number | bigint }
  /** See {@link Call.knowPayee}. */
  | { payee: string }
  /** See {@link Call.knowCreated}: a collection, and the number of a record in it. */
  | { record: [collection: string, id: number | bigint] };

/** The bank's answer. */
export interface Answer {
  status: number;
  /** The header `Content-Type`; left out when there is none. */
  contentType?: string | null;
  /** The body, whole, with every encoding undone. */
  body: Bytes;
}

/** An answer as the key may see it. */
export interface Cut {
  body: Uint8Array<ArrayBuffer>;
  /** How many records are in it, and how many were dropped. */
  kept: number;
  dropped: number;
}

export interface LoadOptions {
  /** What this gateway can do; a policy that requires more is refused. Left out: everything. */
  offers?: Iterable<string>;
  /** Where `bpol.wasm` is, or what is in it; beside this module when it is left out. */
  wasm?: WebAssembly.Module | ArrayBuffer | ArrayBufferView | string | URL;
}

/**
 * Loads a compiled policy, in an engine of its own.
 *
 * @throws {Malformed} when it cannot be read, or requires more than is offered.
 */
export function load(compiled: Bytes | object, options?: LoadOptions): Promise<Policy>;

/** A compiled policy. Its memory goes with it, at the latest when nobody can reach it any more. */
export class Policy {
  private constructor();

  /**
   * Decides one request. One that cannot be read is denied, with the reason `malformed`.
   *
   * @throws {Malformed} when an entry of the past or the time cannot be read.
   */
  decide(request: Written, past?: Past, circumstances?: Circumstances): Decision;

  /**
   * Finds the route of a call of the bank's API.
   *
   * @param target the path with its query, as it came.
   * @param headers pairs, `Headers`, or an object.
   * @throws {Refused} when there is none, or the call is written in a way that two readers could read in two ways.
   */
  route(
    method: string,
    target: string,
    headers: Iterable<readonly [name: string, value: Bytes]> | Record<string, Bytes>,
    body: Bytes | null | undefined,
    caller: { key: string; ip?: string },
  ): Call;

  /** Reads a past once, for many decisions of this policy. */
  history(entries?: Iterable<Written>): History;

  free(): void;
}

/** What was done before, for decisions of the policy that read it. */
export class History {
  private constructor();
  /** Adds entries: requests that were executed or reserved, each with its `time`. */
  add(...entries: Written[]): void;
  free(): void;
}

/** A call of the bank's API that has found its route. */
export class Call {
  private constructor();
  readonly action: string;
  readonly resource: string;
  /** Whether facts of the records stand in the bank's answer, so that it has to be cut. */
  readonly answer: boolean;
  /** The request that the call is, for a journal. Numbers beyond 2^53 are BigInts. */
  readonly request: { key: string; action: string; resource: string; [name: string]: unknown };

  /** What a gateway can find out before it decides. */
  lookUps(): LookUp[];
  /** Takes in the bank's answer to the look-up of the call's object. @throws {Refused} when it cannot be read. */
  lookedUp(answer: Bytes): void;
  /** Says what the gateway knows of an account of the holder. */
  knowAccount(id: number | bigint, account: { iban?: string; name?: string; kind?: string }): void;
  /** Says what the gateway knows of a payee. */
  knowPayee(iban: string, payee: { own?: boolean; favorite?: boolean }): void;
  /** Says which records of a collection the key created; all others of it are not its own. */
  knowCreated(collection: string, ids: Iterable<number | bigint>): void;

  decide(past?: Past, circumstances?: Circumstances): Decision;

  /**
   * The bank's answer as the key may see it. Decides the call anew, so hand over the same past and time.
   *
   * @throws {Unfiltered} when nothing of it may be passed on.
   */
  cut(answer: Answer, past?: Past, circumstances?: Circumstances): Cut;

  free(): void;
}

/** What is thrown here. Whatever it is, deny. */
export class BpolError extends Error {
  /** The stable name of the reason. */
  readonly code: string;
}

/** A policy, an entry of the past or a time that cannot be read. */
export class Malformed extends BpolError {}

/** A call that must not be forwarded. */
export class Refused extends BpolError {
  /** Where in the call it is. */
  readonly place: string;
}

/** An answer of which nothing may be passed on. */
export class Unfiltered extends BpolError {
  /** The JSON pointer of the value, empty for the whole answer. */
  readonly place: string;
}

/** A function that was called in a way in which it cannot be called. */
export class Misused extends BpolError {}

/** The engine broke off. The policy and all that came of it throw this from then on; load it anew. */
export class Broken extends BpolError {}
