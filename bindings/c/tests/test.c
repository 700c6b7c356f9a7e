/* What the engine says through C, and what it says to those who hold it wrongly. `test gateway.json` */
#include <bpol.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(text) (text), strlen(text)
#define SLICE(text) {(text), sizeof(text) - 1}
#define NOW TEXT("2026-11-24T10:00:00Z")
#define PAYMENTS "/v1/user/1/monetary-account/42/payment"
#define PAYING(value, more)                                                                                           \
  "{\"key\": \"shop\", \"action\": \"create\", \"resource\": \"payment\", \"account\": {\"id\": 42}, \"payee\": "     \
  "{\"iban\": \"NL91ABNA0417164300\"}, \"amount\": {\"value\": \"" value "\", \"currency\": \"EUR\"}, \"method\": "   \
  "\"transfer\"" more "}"

static int checked;

static void check(bool holds, int line, const char *what) {
  checked += 1;
  if (holds) return;
  fprintf(stderr, "line %d: %s; the error is `%s` at `%s`: %s\n", line, what, bpol_error_name(), bpol_error_place(),
          bpol_error_message());
  exit(1);
}
#define CHECK(holds) check((holds), __LINE__, #holds)
/* A status, and a part of the message that says why. */
#define CHECK_FAULT(status, act, part) check((act) == (status) && strstr(bpol_error_message(), part), __LINE__, #act)

static char compiled[1 << 20];
static size_t compiled_length;

static bpol_policy *load(void) {
  bpol_policy *policy;
  CHECK(bpol_policy_load(compiled, compiled_length, NULL, 0, &policy) == BPOL_OK);
  return policy;
}

static bpol_decision decide(const bpol_policy *policy, const char *request, const bpol_history *past, bool approved) {
  bpol_decision decision = BPOL_ALLOW;
  CHECK(bpol_decide(policy, TEXT(request), past, NOW, approved, &decision, NULL) == BPOL_OK);
  return decision;
}

static void requests_are_decided(void) {
  bpol_policy *policy = load();
  CHECK(decide(policy, PAYING("49.00", ""), NULL, false) == BPOL_ALLOW);
  CHECK(decide(policy, PAYING("51.00", ""), NULL, false) == BPOL_ASK);
  CHECK(decide(policy, PAYING("51.00", ""), NULL, true) == BPOL_ALLOW);
  bpol_decision decision;
  bpol_text details;
  CHECK(bpol_decide(policy, TEXT(PAYING("0.10", "")), NULL, NOW, false, &decision, &details) == BPOL_OK);
  CHECK(strstr(details.data, "\"amount\":\"0.10\"") && strlen(details.data) == details.length);
  bpol_text_free(&details);
  CHECK(details.data == NULL);
  bpol_text_free(&details);
  CHECK(bpol_decide(policy, TEXT(PAYING("49.00", "")), NULL, NULL, 0, false, &decision, NULL) == BPOL_OK);
  CHECK(decision == BPOL_ALLOW);
  bpol_policy_free(&policy);
}

static void a_past_uses_a_budget_up(void) {
  bpol_policy *policy = load(), *other = load();
  bpol_history *past;
  CHECK(bpol_history_new(&past) == BPOL_OK);
  CHECK(decide(policy, PAYING("49.00", ""), past, false) == BPOL_ALLOW);
  CHECK(bpol_history_add(past, policy, TEXT(PAYING("1.00", ", \"time\": \"2026-11-24T09:00:00Z\""))) == BPOL_OK);
  CHECK(decide(policy, PAYING("49.00", ""), past, false) == BPOL_ALLOW);
  CHECK(decide(other, PAYING("49.00", ""), past, false) == BPOL_DENY);
  CHECK(bpol_history_add(past, policy, TEXT(PAYING("460.00", ", \"time\": \"2026-11-24T09:00:00Z\""))) == BPOL_OK);
  CHECK(decide(policy, PAYING("49.00", ""), past, false) == BPOL_DENY);
  CHECK_FAULT(BPOL_MALFORMED, bpol_history_add(past, policy, TEXT(PAYING("1.00", ""))), "needs its `time`");
  bpol_history_free(&past);
  bpol_policy_free(&policy);
  bpol_policy_free(&other);
}

static void calls_are_routed_decided_and_cut(void) {
  bpol_policy *policy = load();
  bpol_header headers[] = {{SLICE("X-Bunq-Language"), SLICE("en_US")}};
  bpol_http http = {.key = SLICE("shop"), .method = SLICE("GET"), .target = SLICE(PAYMENTS), .ip = SLICE("203.0.113.7"),
                    .headers = headers, .header_count = 1};
  bpol_call *call;
  CHECK(bpol_route(policy, &http, &call) == BPOL_OK);
  bpol_policy_free(&policy);
  bpol_text description;
  CHECK(bpol_call_describe(call, &description) == BPOL_OK);
  CHECK(strstr(description.data, "\"resource\":\"transaction\"") && strstr(description.data, "{\"account\":42}"));
  bpol_text_free(&description);
  bpol_decision decision;
  CHECK(bpol_call_decide(call, NULL, NOW, false, &decision, NULL) == BPOL_OK && decision == BPOL_ALLOW);
  static const char given[] = "{\"Response\": [{\"Payment\": {\"id\": 1, \"created\": \"2026-11-20 08:00:00.000000\", "
                              "\"geolocation\": {}}}, {\"Payment\": {\"id\": 2, \"created\": \"2020-01-01 08:00:00.000000\"}}]}";
  bpol_answer answer;
  CHECK(bpol_call_cut(call, 200, TEXT("application/json"), TEXT(given), NULL, NOW, false, &answer) == BPOL_OK);
  CHECK(answer.kept == 1 && answer.dropped == 1);
  CHECK(!strcmp(answer.body.data, "{\"Response\":[{\"Payment\":{\"id\":1,\"created\":\"2026-11-20 08:00:00.000000\"}}]}"));
  bpol_text_free(&answer.body);
  CHECK(bpol_call_cut(call, 200, TEXT("application/json"), TEXT("{"), NULL, NOW, false, &answer) == BPOL_UNFILTERED);
  CHECK(!strcmp(bpol_error_name(), "not-json") && answer.body.data == NULL);
  bpol_call_free(&call);
  CHECK(call == NULL);
}

static void what_the_gateway_knows_counts(void) {
  bpol_policy *policy = load();
  bpol_http http = {.key = SLICE("shop"), .method = SLICE("PUT"),
                    .target = SLICE("/v1/user/1/monetary-account/42/request-inquiry/7"), .body = SLICE("{\"status\": \"REVOKED\"}")};
  bpol_call *call;
  bpol_decision decision;
  CHECK(bpol_route(policy, &http, &call) == BPOL_OK);
  CHECK(bpol_call_decide(call, NULL, NOW, false, &decision, NULL) == BPOL_OK && decision == BPOL_DENY);
  static const uint64_t own[] = {7};
  CHECK(bpol_call_know_created(call, TEXT("/v1/user/1/monetary-account/42/request-inquiry"), own, 1) == BPOL_OK);
  CHECK(bpol_call_decide(call, NULL, NOW, false, &decision, NULL) == BPOL_OK && decision == BPOL_ALLOW);
  CHECK(bpol_call_know_created(call, TEXT("/v1/user/1/monetary-account/42/request-inquiry"), NULL, 0) == BPOL_OK);
  CHECK(bpol_call_decide(call, NULL, NOW, false, &decision, NULL) == BPOL_OK && decision == BPOL_DENY);
  CHECK(bpol_call_know_account(call, 42, NULL, 0, NULL, 0, TEXT("bank")) == BPOL_OK);
  CHECK(bpol_call_know_payee(call, TEXT("NL91ABNA0417164300"), 0, -1) == BPOL_OK);
  CHECK_FAULT(BPOL_MISUSED, bpol_call_know_payee(call, TEXT("NL91ABNA0417164300"), 2, -1), "own is 2");
  bpol_call_free(&call);
  bpol_policy_free(&policy);
}

static void what_is_wrong_is_said_and_denied(void) {
  bpol_policy *policy = load(), *none = (bpol_policy *)1;
  bpol_decision decision = BPOL_ALLOW;
  bpol_text details;
  CHECK(decide(policy, "{\"key\": \"shop\", \"key\": \"books\"}", NULL, false) == BPOL_DENY);
  CHECK(strstr(bpol_error_message(), "twice"));
  CHECK(decide(policy, "{", NULL, false) == BPOL_DENY);
  CHECK(decide(policy, "", NULL, false) == BPOL_DENY);
  CHECK_FAULT(BPOL_MALFORMED, bpol_policy_load(TEXT("{}"), NULL, 0, &none), "");
  CHECK(none == NULL);
  CHECK_FAULT(BPOL_MALFORMED, bpol_policy_load(NULL, 0, NULL, 0, &none), "");
  CHECK_FAULT(BPOL_MISUSED, bpol_policy_load(NULL, 5, NULL, 0, &none), "compiled is null and has 5 bytes");
  CHECK_FAULT(BPOL_MALFORMED, bpol_policy_load(compiled, compiled_length, TEXT("client-ip"), &none), "counters");
  CHECK_FAULT(BPOL_MALFORMED, bpol_policy_load(compiled, compiled_length, TEXT("bodi"), &none), "`bodi` is nothing");
  CHECK_FAULT(BPOL_MISUSED, bpol_policy_load(compiled, compiled_length, NULL, 0, NULL), "no place");
  CHECK_FAULT(BPOL_MISUSED, bpol_decide(NULL, TEXT("{}"), NULL, NOW, false, &decision, &details), "policy is null");
  CHECK(decision == BPOL_DENY && details.data == NULL);
  decision = BPOL_ALLOW;
  CHECK_FAULT(BPOL_MALFORMED, bpol_decide(policy, "\xff\xfe", 2, NULL, NOW, false, &decision, NULL), "not UTF-8, at byte 0");
  CHECK(decision == BPOL_DENY);
  CHECK_FAULT(BPOL_MISUSED, bpol_decide(policy, "{}", (size_t)-1, NULL, NOW, false, &decision, NULL), "length");
  CHECK_FAULT(BPOL_MISUSED, bpol_decide(policy, "{}", (size_t)1 << 31, NULL, NOW, false, &decision, NULL), "length");
  CHECK_FAULT(BPOL_MALFORMED, bpol_decide(policy, "{}", 2, NULL, TEXT("today"), false, &decision, NULL), "`today`");
  CHECK_FAULT(BPOL_MALFORMED, bpol_decide(policy, "{}", 2, NULL, "a\0b", 3, false, &decision, NULL), "`a\xef\xbf\xbd" "b`");
  CHECK_FAULT(BPOL_MISUSED, bpol_decide(policy, "{}", 2, NULL, NOW, false, NULL, NULL), "no place");
  bpol_http http = {.key = SLICE("shop"), .method = SLICE("GET"), .target = SLICE(PAYMENTS "/")};
  bpol_call *call = (bpol_call *)1;
  CHECK_FAULT(BPOL_REFUSED, bpol_route(policy, &http, &call), "ends with a slash");
  CHECK(call == NULL && !strcmp(bpol_error_name(), "trailing-slash") && !strcmp(bpol_error_place(), "the path"));
  CHECK_FAULT(BPOL_MISUSED, bpol_route(policy, NULL, &call), "http is null");
  http.header_count = (size_t)-1;
  CHECK_FAULT(BPOL_MISUSED, bpol_route(policy, &http, &call), "headers is null");
  static const bpol_header header = {SLICE("a"), SLICE("b")};
  http.headers = &header;
  CHECK_FAULT(BPOL_MISUSED, bpol_route(policy, &http, &call), "cannot have a length");
  CHECK_FAULT(BPOL_MISUSED, bpol_call_describe(NULL, &details), "call is null");
  CHECK_FAULT(BPOL_MISUSED, bpol_history_add(NULL, policy, TEXT("{}")), "history is null");
  bpol_policy_free(&policy);
  CHECK(policy == NULL);
  CHECK_FAULT(BPOL_MISUSED, bpol_decide(policy, TEXT("{}"), NULL, NOW, false, &decision, NULL), "policy is null");
  bpol_policy_free(&policy);
  bpol_policy_free(NULL);
  bpol_history_free(NULL);
  bpol_call_free(NULL);
  bpol_text_free(NULL);
}

static void *decides(void *policy) {
  for (int round = 0; round < 200; round += 1) {
    bpol_decision decision;
    if (bpol_decide(policy, TEXT(PAYING("49.00", "")), NULL, NOW, false, &decision, NULL) != BPOL_OK || decision != BPOL_ALLOW)
      return (void *)"not allowed";
    if (bpol_decide(policy, TEXT("{}"), NULL, TEXT("no"), false, &decision, NULL) != BPOL_MALFORMED) return (void *)"not refused";
    if (!strstr(bpol_error_message(), "`no`")) return (void *)"the error of another";
  }
  return NULL;
}

static void one_policy_serves_many_threads(void) {
  bpol_policy *policy = load();
  pthread_t threads[4];
  for (int number = 0; number < 4; number += 1) CHECK(!pthread_create(&threads[number], NULL, decides, policy));
  for (int number = 0; number < 4; number += 1) {
    void *said;
    CHECK(!pthread_join(threads[number], &said) && said == NULL);
  }
  bpol_policy_free(&policy);
}

int main(int count, char **arguments) {
  FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
  if (!file) return 2;
  compiled_length = fread(compiled, 1, sizeof compiled, file);
  fclose(file);
  requests_are_decided();
  a_past_uses_a_budget_up();
  calls_are_routed_decided_and_cut();
  what_the_gateway_knows_counts();
  what_is_wrong_is_said_and_denied();
  one_policy_serves_many_threads();
  printf("%d checks hold\n", checked);
  return 0;
}
