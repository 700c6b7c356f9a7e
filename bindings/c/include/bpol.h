/* Decides requests against a compiled bpol policy, and routes and cuts calls of the bank's API.
 *
 * What is unknown counts against the caller: whatever is not BPOL_OK with BPOL_ALLOW means to deny. Every result is written
 * before anything is done, as a denial or as nothing, so an error that is not looked at cannot become a permission.
 *
 * Lent. A pointer with a length is lent for the time of the call; nothing of it is kept. Texts are UTF-8 and need no zero
 * behind them. Null is allowed where a comment says so, and where the length is 0. A length above 1 GiB is refused.
 *
 * Owned. A handle or a bpol_text is the caller's until it hands it to the function that frees it, which leaves null. A null
 * handle is refused where one is needed, and freeing it does nothing. Whatever else is used after it was freed, or was not
 * made here, is undefined behaviour, as with free(). Places for results need not be initialised: what stood there is
 * overwritten, not freed.
 *
 * Threads. A bpol_policy never changes: all threads may use one at once. A bpol_history may be read by many at once and
 * is changed by bpol_history_add; a bpol_call is changed by bpol_call_looked_up and bpol_call_know_...; while one thread
 * changes or frees a thing, no other may use it. Errors are kept for each thread by itself.
 *
 * Nothing unwinds or aborts into the caller on an error of its own. A panic of the engine, which is a bug, is caught and is
 * BPOL_BROKEN; out of memory ends the process.
 */
#ifndef BPOL_H
#define BPOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bpol_status {
  BPOL_OK = 0,
  BPOL_MALFORMED = 1,  /* a policy, an entry of the past or a time that cannot be read */
  BPOL_REFUSED = 2,    /* a call that must not be forwarded; bpol_error_name() is the reason */
  BPOL_UNFILTERED = 3, /* an answer of which nothing may be passed on; bpol_error_name() is the reason */
  BPOL_MISUSED = 4,    /* a null pointer, a length or a value that cannot be */
  BPOL_BROKEN = 5      /* the engine broke off; use no handle again but to free it */
} bpol_status;

typedef enum bpol_decision { BPOL_DENY = 0, BPOL_ASK = 1, BPOL_ALLOW = 2 } bpol_decision;

typedef struct bpol_policy bpol_policy;
typedef struct bpol_history bpol_history;
typedef struct bpol_call bpol_call;

/* Bytes that are lent. */
typedef struct bpol_slice {
  const char *data;
  size_t length;
} bpol_slice;

/* A text that is owned. A zero stands behind it, which `length` does not count. */
typedef struct bpol_text {
  char *data;
  size_t length;
} bpol_text;

typedef struct bpol_header {
  bpol_slice name;
  bpol_slice value;
} bpol_header;

/* A call of the bank's API as it came. What is left out is null. */
typedef struct bpol_http {
  bpol_slice key;    /* who calls */
  bpol_slice method;
  bpol_slice target; /* the path with its query */
  bpol_slice body;
  bpol_slice ip;     /* null: not known */
  const bpol_header *headers;
  size_t header_count;
} bpol_http;

/* An answer as the key may see it. Free `body` with bpol_text_free. */
typedef struct bpol_answer {
  bpol_text body;
  size_t kept;    /* records in it */
  size_t dropped; /* records that were dropped */
} bpol_answer;

/* What was wrong when a function of this thread last gave another status than BPOL_OK, or denied a request as malformed:
 * its stable name, where in a call or an answer it is, and a sentence. Never null; valid until the thread's next call. */
const char *bpol_error_name(void);
const char *bpol_error_place(void);
const char *bpol_error_message(void);

/* Loads a compiled policy. `offers` says in words with spaces between them what this gateway can do, and a policy that
 * requires more is refused; null: everything. */
bpol_status bpol_policy_load(const char *compiled, size_t length, const char *offers, size_t offers_length,
                             bpol_policy **policy);
void bpol_policy_free(bpol_policy **policy);

/* What was done before, read once for many decisions of the policy that read it. */
bpol_status bpol_history_new(bpol_history **history);
bpol_status bpol_history_add(bpol_history *history, const bpol_policy *policy, const char *entry, size_t length);
void bpol_history_free(bpol_history **history);

/* Decides one request, as JSON. One that cannot be read is denied. `past` null: nothing was done; `now` null: the clock of
 * the machine counts; `approved`: a person has approved, so that BPOL_ASK becomes BPOL_ALLOW; `details` null: not wanted,
 * else the whole decision as JSON. */
bpol_status bpol_decide(const bpol_policy *policy, const char *request, size_t length, const bpol_history *past,
                        const char *now, size_t now_length, bool approved, bpol_decision *decision, bpol_text *details);

/* Finds the route of a call. The bpol_call outlives the bpol_policy if need be. */
bpol_status bpol_route(const bpol_policy *policy, const bpol_http *http, bpol_call **call);
void bpol_call_free(bpol_call **call);

/* What the call was taken for, as JSON: `action`, `resource`, `answer` (whether the answer has to be cut), `look_ups` (what
 * can be found out before deciding) and `request`. */
bpol_status bpol_call_describe(const bpol_call *call, bpol_text *description);

/* The bank's answer to the look-up `{"object": path}`. */
bpol_status bpol_call_looked_up(bpol_call *call, const char *answer, size_t length);

/* What the gateway knows of an account of the holder; null: not known. */
bpol_status bpol_call_know_account(bpol_call *call, uint64_t id, const char *iban, size_t iban_length, const char *name,
                                   size_t name_length, const char *kind, size_t kind_length);

/* What the gateway knows of a payee: 1 yes, 0 no, -1 not known. */
bpol_status bpol_call_know_payee(bpol_call *call, const char *iban, size_t length, int32_t own, int32_t favorite);

/* Which records of a collection the key created; all others of it are not its own. */
bpol_status bpol_call_know_created(bpol_call *call, const char *collection, size_t length, const uint64_t *ids,
                                   size_t count);

/* Decides the call; the parameters are those of bpol_decide. */
bpol_status bpol_call_decide(const bpol_call *call, const bpol_history *past, const char *now, size_t now_length,
                             bool approved, bpol_decision *decision, bpol_text *details);

/* Cuts the bank's answer. It decides the call anew, so it takes the same past, time and approval. */
bpol_status bpol_call_cut(const bpol_call *call, uint16_t status, const char *content_type, size_t content_type_length,
                          const char *body, size_t length, const bpol_history *past, const char *now, size_t now_length,
                          bool approved, bpol_answer *cut);

void bpol_text_free(bpol_text *text);

#ifdef __cplusplus
}
#endif

#endif
