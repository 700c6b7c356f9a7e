/* The engine through C under the conformance suite: `python3 conformance/run.py -- conform`.
 *
 * C has no JSON, so this reads only what it must: it finds the members of a question and hands their texts on as they
 * are. Good for this suite, whose lines are well-formed, and for nothing else. */
#include <bpol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *why) {
  fprintf(stderr, "%s: %s\n", why, bpol_error_message());
  exit(1);
}

/* Where the value that begins here ends. */
static const char *past_value(const char *at) {
  int depth = 0;
  do {
    if (*at == '"') {
      for (at += 1; *at != '"'; at += 1) at += *at == '\\';
    } else if (*at == '{' || *at == '[') {
      depth += 1;
    } else if (*at == '}' || *at == ']') {
      depth -= 1;
    }
    at += 1;
  } while (depth > 0);
  while (at[-1] != '"' && at[-1] != '}' && at[-1] != ']' && *at && !strchr(",}]", *at)) at += 1;
  return at;
}

/* The value of a member of an object, or null. */
static bpol_slice member(bpol_slice object, const char *name) {
  const char *at = object.data + 1;
  while (object.data && *at == '"') {
    const char *value = past_value(at) + 1, *end = past_value(value);
    if (strlen(name) == (size_t)(value - at) - 3 && !strncmp(at + 1, name, strlen(name)))
      return (bpol_slice){value, (size_t)(end - value)};
    at = end + (*end == ',');
  }
  return (bpol_slice){NULL, 0};
}

/* The next element of a list, from inside it; null at its end. */
static bpol_slice element(const char **at) {
  if (**at == ']') return (bpol_slice){NULL, 0};
  const char *from = *at, *end = past_value(from);
  *at = end + (*end == ',');
  return (bpol_slice){from, (size_t)(end - from)};
}

/* What a JSON string says, in memory that is never freed: the process is short. */
static bpol_slice said(bpol_slice json) {
  if (!json.data) return json;
  char *text = malloc(json.length + 1), *to = text;
  for (const char *at = json.data + 1; at < json.data + json.length - 1; at += 1) {
    if (*at != '\\') {
      *to++ = *at;
      continue;
    }
    at += 1;
    unsigned unit = 0, low = 0;
    if (*at == 'u') {
      sscanf(at + 1, "%4x", &unit);
      at += 4;
      if (unit >= 0xd800 && unit < 0xdc00 && sscanf(at + 1, "\\u%4x", &low) == 1) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
      }
    } else {
      const char *known = strchr("n\nt\tr\rb\bf\f\"\"\\\\//", *at);
      unit = (unsigned char)known[1];
    }
    if (unit < 0x80) {
      *to++ = (char)unit;
    } else {
      if (unit >= 0x10000) *to++ = (char)(0xf0 | unit >> 18), *to++ = (char)(0x80 | (unit >> 12 & 63));
      else if (unit >= 0x800) *to++ = (char)(0xe0 | unit >> 12);
      else *to++ = (char)(0xc0 | unit >> 6);
      if (unit >= 0x800) *to++ = (char)(0x80 | (unit >> 6 & 63));
      *to++ = (char)(0x80 | (unit & 63));
    }
  }
  *to = 0;
  return (bpol_slice){text, (size_t)(to - text)};
}

static bool is_json(const char *text) {
  return *text == '{' || *text == '[';
}

static void print_string(bpol_text text) {
  putchar('"');
  for (size_t at = 0; at < text.length; at += 1) {
    unsigned char byte = (unsigned char)text.data[at];
    if (byte < 0x20 || byte == '"' || byte == '\\') printf("\\u%04x", byte);
    else putchar(byte);
  }
  putchar('"');
}

static void answer_call(const bpol_policy *policy, bpol_slice question, bpol_slice asked, const bpol_history *past,
                        bpol_slice now) {
  static bpol_header headers[256];
  bpol_http http = {.key = said(member(asked, "key")),
                    .method = said(member(asked, "method")),
                    .target = said(member(asked, "target")),
                    .body = said(member(asked, "body")),
                    .headers = headers};
  bpol_slice list = member(asked, "headers");
  const char *at = list.data ? list.data + 1 : "]";
  for (bpol_slice pair; (pair = element(&at)).data && http.header_count < 256; http.header_count += 1) {
    const char *inside = pair.data + 1;
    headers[http.header_count].name = said(element(&inside));
    headers[http.header_count].value = said(element(&inside));
  }
  bpol_call *call;
  if (bpol_route(policy, &http, &call) != BPOL_OK) {
    printf("{\"refused\":\"%s\"}\n", bpol_error_name());
    return;
  }
  bpol_slice given = member(question, "answer");
  bpol_decision decision;
  if (bpol_call_decide(call, past, now.data, now.length, false, &decision, NULL) != BPOL_OK) die("decide");
  if (!given.data) {
    bpol_text description;
    if (bpol_call_describe(call, &description) != BPOL_OK) die("describe");
    bpol_slice request = member((bpol_slice){description.data, description.length}, "request");
    printf("{\"request\":%.*s}\n", (int)request.length, request.data);
    bpol_text_free(&description);
  } else if (decision != BPOL_ALLOW) {
    printf("{\"decision\":\"%s\"}\n", decision == BPOL_ASK ? "ask" : "deny");
  } else {
    bpol_slice type = said(member(given, "content_type")), body = said(member(given, "body"));
    uint16_t status = (uint16_t)strtoul(member(given, "status").data, NULL, 10);
    bpol_answer cut;
    if (bpol_call_cut(call, status, type.data, type.length, body.data, body.length, past, now.data, now.length, false,
                      &cut) != BPOL_OK) {
      printf("{\"unfiltered\":\"%s\"}\n", bpol_error_name());
    } else {
      printf("{\"kept\":%zu,\"dropped\":%zu,\"body\":", cut.kept, cut.dropped);
      if (is_json(cut.body.data)) fputs(cut.body.data, stdout);
      else print_string(cut.body);
      puts("}");
      bpol_text_free(&cut.body);
    }
  }
  bpol_call_free(&call);
}

int main(int count, char **arguments) {
  static char compiled[1 << 20], line[1 << 22];
  FILE *file = count > 1 ? fopen(arguments[count - 1], "rb") : NULL;
  if (!file) return 2;
  size_t length = fread(compiled, 1, sizeof compiled, file);
  fclose(file);
  bpol_policy *policy;
  if (bpol_policy_load(compiled, length, NULL, 0, &policy) != BPOL_OK) die("load");
  while (fgets(line, sizeof line, stdin)) {
    bpol_slice question = {line, strlen(line)};
    bpol_slice now = said(member(question, "now")), request = member(question, "request"), asked = member(question, "call");
    bpol_history *past;
    if (bpol_history_new(&past) != BPOL_OK) die("history");
    bpol_slice entries = member(question, "past"), entry;
    const char *at = entries.data ? entries.data + 1 : "]";
    while ((entry = element(&at)).data)
      if (bpol_history_add(past, policy, entry.data, entry.length) != BPOL_OK) die("entry");
    if (asked.data) {
      answer_call(policy, question, asked, past, now);
    } else {
      if (!request.data) request = said(member(question, "text"));
      bpol_decision decision;
      bpol_text details;
      if (bpol_decide(policy, request.data, request.length, past, now.data, now.length, false, &decision, &details) != BPOL_OK)
        die("decide");
      puts(details.data);
      bpol_text_free(&details);
    }
    fflush(stdout);
    bpol_history_free(&past);
  }
  bpol_policy_free(&policy);
  return 0;
}
