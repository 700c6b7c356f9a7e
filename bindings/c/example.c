/* Decides the sample request of the definition: `example policy.json`. */
#include <bpol.h>
#include <stdio.h>

int main(int count, char **arguments) {
  static char compiled[1 << 20];
  FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
  if (!file) return 2;
  size_t length = fread(compiled, 1, sizeof compiled, file);
  fclose(file);

  static const char request[] = "{\"key\": \"ynab\", \"action\": \"read\", \"resource\": \"transaction\","
                                " \"account\": {\"name\": \"Groceries\"}, \"record\": {\"created\": \"2026-11-14T10:00:00Z\"}}";
  static const char now[] = "2026-11-24T10:00:00Z";
  bpol_policy *policy;
  bpol_decision decision = BPOL_DENY;
  if (bpol_policy_load(compiled, length, NULL, 0, &policy) != BPOL_OK ||
      bpol_decide(policy, request, sizeof request - 1, NULL, now, sizeof now - 1, false, &decision, NULL) != BPOL_OK)
    fprintf(stderr, "%s\n", bpol_error_message());
  puts(decision == BPOL_ALLOW ? "allow" : decision == BPOL_ASK ? "ask" : "deny");
  bpol_policy_free(&policy);
  return 0;
}
