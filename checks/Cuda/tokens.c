// Words, numbers and characters of PTX.
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser.h"

_Noreturn void fail(Parser *p, const char *format, ...) {
  va_list arguments;
  int length = snprintf(p->problem, p->problem_size, "PTX line %u: ", p->line);
  va_start(arguments, format);
  vsnprintf(p->problem + length, p->problem_size - (size_t)length, format, arguments);
  va_end(arguments);
  longjmp(p->failed, 1);
}

// Capacities are powers of two.
void *grow(Parser *p, void *array, uint32_t count, size_t size) {
  if (count != 0 && (count & (count - 1)) != 0) return array;
  void *larger = realloc(array, (count ? 2 * (size_t)count : 1) * size);
  if (!larger) fail(p, "no memory");
  return larger;
}

static bool is_word(char c) { return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '.' || c == '%'; }

static void skip_blanks(Parser *p) {
  for (;;) {
    if (p->at[0] == '/' && p->at[1] == '/') {
      p->at += strcspn(p->at, "\n");
    } else if (isspace((unsigned char)*p->at)) {
      p->line += *p->at++ == '\n';
    } else {
      return;
    }
  }
}

const char *next(Parser *p) {
  skip_blanks(p);
  size_t length = 0;
  if (*p->at == '-' && isdigit((unsigned char)p->at[1])) length = 1;
  while (is_word(p->at[length])) length++;
  if (length == 0 && *p->at) length = 1;
  if (length >= sizeof p->token) fail(p, "a word is too long");
  memcpy(p->token, p->at, length);
  p->token[length] = 0;
  p->at += length;
  return p->token;
}

void copy_name(Parser *p, char to[NAME_SIZE], const char *name) {
  if (strlen(name) >= NAME_SIZE) fail(p, "the name %s is too long", name);
  strcpy(to, name);
}

bool is(const Parser *p, const char *text) { return strcmp(p->token, text) == 0; }

bool follows(Parser *p, char c) {
  skip_blanks(p);
  return *p->at == c;
}

void expect(Parser *p, const char *text) {
  next(p);
  if (!is(p, text)) fail(p, "\"%s\" where \"%s\" is expected", p->token, text);
}

uint64_t number(Parser *p, const char *text) {
  char *end;
  bool is_float = text[0] == '0' && (text[1] == 'f' || text[1] == 'd');
  uint64_t value = is_float         ? strtoull(text + 2, &end, 16)
                   : text[0] == '-' ? (uint64_t)strtoll(text, &end, 0)
                                    : strtoull(text, &end, 0);
  if (*end == 'U' && end != text) end++;
  if (end == text || *end) fail(p, "\"%s\" is no number", text);
  return value;
}

uint32_t next_number(Parser *p) { return (uint32_t)number(p, next(p)); }

uint8_t width_of(const char *type) {
  static const char *const types[] = {"b8", "u8", "b16", "u16", "b32", "u32", "s32", "f32", "b64", "u64", "s64", "f64"};
  static const uint8_t widths[] = {1, 1, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8};
  for (size_t n = 0; n < sizeof widths; n++)
    if (strcmp(type, types[n]) == 0) return widths[n];
  return 0;
}
