// Reads PTX as ILGPU writes it. What it does not know it refuses: no instruction is left out, and no modifier of one ignored.
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ptx.h"

typedef struct {
  char prefix[NAME_SIZE];
  uint32_t count;
  char class;  // as in Mnemonic
  int32_t row;
} Registers;

typedef struct {
  char name[NAME_SIZE];
  uint32_t target;
} Label;

typedef struct {
  const char *at;
  uint32_t line;
  char token[160];
  jmp_buf failed;
  char *problem;
  size_t problem_size;
  Kernel *kernel;
  Registers registers[16];
  uint32_t register_kinds;
  Label *labels, *jumps;  // a jump is a label that the instruction `target` goes to
  uint32_t label_count, jump_count;
  struct {
    char name[NAME_SIZE];
    uint32_t offset;
  } parameters[64];
} Parser;

static _Noreturn void fail(Parser *p, const char *format, ...) {
  va_list arguments;
  int length = snprintf(p->problem, p->problem_size, "PTX line %u: ", p->line);
  va_start(arguments, format);
  vsnprintf(p->problem + length, p->problem_size - (size_t)length, format, arguments);
  va_end(arguments);
  longjmp(p->failed, 1);
}

// One more element at the end of an array. Capacities are powers of two.
static void *grow(Parser *p, void *array, uint32_t count, size_t size) {
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

// Reads the next word, number or character; an empty one at the end.
static const char *next(Parser *p) {
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

static void copy_name(Parser *p, char to[NAME_SIZE], const char *name) {
  if (strlen(name) >= NAME_SIZE) fail(p, "the name %s is too long", name);
  strcpy(to, name);
}

static bool is(const Parser *p, const char *text) { return strcmp(p->token, text) == 0; }

static bool follows(Parser *p, char c) {
  skip_blanks(p);
  return *p->at == c;
}

static void expect(Parser *p, const char *text) {
  next(p);
  if (!is(p, text)) fail(p, "\"%s\" where \"%s\" is expected", p->token, text);
}

static uint64_t number(Parser *p, const char *text) {
  char *end;
  bool is_float = text[0] == '0' && (text[1] == 'f' || text[1] == 'd');
  uint64_t value = is_float         ? strtoull(text + 2, &end, 16)
                   : text[0] == '-' ? (uint64_t)strtoll(text, &end, 0)
                                    : strtoull(text, &end, 0);
  if (*end == 'U' && end != text) end++;
  if (end == text || *end) fail(p, "\"%s\" is no number", text);
  return value;
}

static uint32_t next_number(Parser *p) { return (uint32_t)number(p, next(p)); }

// The bytes of a type's values; 0 for another word.
static uint8_t width_of(const char *type) {
  static const char *const types[] = {"b8", "u8", "b16", "u16", "b32", "u32", "s32", "f32", "b64", "u64", "s64", "f64"};
  static const uint8_t widths[] = {1, 1, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8};
  for (size_t n = 0; n < sizeof widths; n++)
    if (strcmp(type, types[n]) == 0) return widths[n];
  return 0;
}

// .reg .f32 %f<12>;
static void read_registers(Parser *p) {
  if (p->register_kinds == sizeof p->registers / sizeof *p->registers) fail(p, "too many kinds of registers");
  Registers *kind = &p->registers[p->register_kinds++];
  next(p);
  uint8_t width = width_of(p->token + 1);
  kind->class = is(p, ".pred") ? 'p' : width == 8 ? '8' : width ? '4' : 0;
  if (!kind->class) fail(p, "registers of the type %s are not executed", p->token);
  copy_name(p, kind->prefix, next(p));
  expect(p, "<");
  kind->count = next_number(p);
  expect(p, ">");
  expect(p, ";");
  kind->row = p->kernel->rows;
  if (p->kernel->rows != p->kernel->register_rows) fail(p, "registers that are declared behind instructions");
  p->kernel->rows += (int32_t)kind->count * (kind->class == '8' ? 2 : 1);
  p->kernel->register_rows = p->kernel->rows;
}

// .shared .align 16 .b8 tile[256];
static void read_shared(Parser *p) {
  Kernel *k = p->kernel;
  if (k->shared_count == sizeof k->shared / sizeof *k->shared) fail(p, "too many variables in shared memory");
  Variable *variable = &k->shared[k->shared_count++];
  expect(p, ".align");
  uint32_t alignment = next_number(p);
  uint8_t width = width_of(next(p) + 1);
  copy_name(p, variable->name, next(p));
  expect(p, "[");
  variable->size = (uint64_t)width * next_number(p);
  expect(p, "]");
  expect(p, ";");
  if (width == 0 || alignment == 0 || SHARED_GAP % alignment != 0) fail(p, "shared memory of this kind is not executed");
  // Aligned as it says and not better, so that an access which relies on more is seen.
  variable->address = SHARED_BASE + k->shared_end + alignment;
  k->shared_end += (variable->size + 2 * SHARED_GAP - 1) / SHARED_GAP * SHARED_GAP;
}

static int32_t constant(Parser *p, uint64_t bits, uint8_t width) {
  Kernel *k = p->kernel;
  for (uint32_t n = 0; n < k->constant_count; n++)
    if (k->constants[n].bits == bits && k->constants[n].width == width) return k->constants[n].row;
  k->constants = grow(p, k->constants, k->constant_count, sizeof *k->constants);
  k->constants[k->constant_count++] = (Constant){k->rows, width, bits};
  k->rows += width / 4;
  return k->rows - width / 4;
}

// %tid.x
static int32_t special(Parser *p, const char *text) {
  static const char *const names[] = {"%tid.", "%ctaid.", "%ntid.", "%nctaid."};
  for (int kind = 0; kind < SPECIAL_KINDS; kind++) {
    size_t length = strlen(names[kind]);
    int axis = strncmp(text, names[kind], length) == 0 ? text[length] - 'x' : -1;
    if (axis < 0 || axis > 2 || text[length + 1]) continue;
    int32_t *row = &p->kernel->special_rows[kind][axis];
    if (*row == 0) *row = p->kernel->rows++;
    return *row;
  }
  fail(p, "%s is no register that is known here", text);
}

static int32_t register_row(Parser *p, const char *text, char class) {
  size_t length = strcspn(text, "0123456789");
  for (uint32_t n = 0; n < p->register_kinds; n++) {
    const Registers *kind = &p->registers[n];
    if (strlen(kind->prefix) != length || strncmp(text, kind->prefix, length) != 0) continue;
    uint64_t index = number(p, text + length);
    if (index >= kind->count) break;
    if (kind->class != class) fail(p, "%s has another width than the instruction", text);
    return kind->row + (int32_t)index * (class == '8' ? 2 : 1);
  }
  if (class != '4') fail(p, "%s is not declared", text);
  return special(p, text);
}

// A register, a number or the address of shared memory.
static int32_t operand(Parser *p, const char *text, char class) {
  if (*text == '%') return register_row(p, text, class);
  for (uint32_t n = 0; n < p->kernel->shared_count; n++)
    if (class == '8' && strcmp(text, p->kernel->shared[n].name) == 0)
      return constant(p, p->kernel->shared[n].address, 8);
  uint64_t bits = number(p, text);
  return class == '8' ? constant(p, bits, 8) : constant(p, (uint32_t)bits, 4);
}

// [%rd1+8] or [parameter+8]
static void read_address(Parser *p, Instruction *in) {
  expect(p, "[");
  next(p);
  if (in->kind == LOAD_PARAMETER) {
    uint32_t n = 0;
    while (n < p->kernel->parameter_count && !is(p, p->parameters[n].name)) n++;
    if (n == p->kernel->parameter_count) fail(p, "%s is no parameter", p->token);
    in->offset = p->parameters[n].offset;
  } else {
    in->operands[ADDRESS] = operand(p, p->token, '8');
  }
  if (follows(p, '+')) {
    next(p);
    in->offset += (int64_t)number(p, next(p));
  }
  expect(p, "]");
  if (in->kind == LOAD_PARAMETER && in->offset + in->width > p->kernel->parameter_bytes)
    fail(p, "reads behind the parameters");
}

// %f1 or {%f1, %f2}
static void read_values(Parser *p, Instruction *in) {
  char class = in->width == 8 ? '8' : '4';
  if (in->values > 1) expect(p, "{");
  for (uint32_t n = 0; n < in->values; n++) {
    if (n > 0) expect(p, ",");
    in->operands[n] = operand(p, next(p), class);
  }
  if (in->values > 1) expect(p, "}");
}

// ld.global.v4.f32, st.shared.f32, ld.param.b64
static void read_transfer(Parser *p, Instruction *in, const char *mnemonic) {
  char parts[4][16] = {""};
  int count = sscanf(mnemonic, "%15[^.].%15[^.].%15[^.].%15s", parts[0], parts[1], parts[2], parts[3]);
  bool is_vector = count == 4 && (strcmp(parts[2], "v2") == 0 || strcmp(parts[2], "v4") == 0);
  bool is_load = parts[0][0] == 'l', is_parameter = is_load && strcmp(parts[1], "param") == 0;
  in->kind = is_parameter ? LOAD_PARAMETER : is_load ? LOAD : STORE;
  in->is_shared = strcmp(parts[1], "shared") == 0;
  in->values = is_vector ? (uint8_t)(parts[2][1] - '0') : 1;
  in->width = count < 3 ? 0 : width_of(parts[count - 1]);
  bool is_known_space = is_parameter || in->is_shared || strcmp(parts[1], "global") == 0;
  if (!is_known_space || in->width == 0 || (count == 4 && !is_vector) || in->values * in->width > 16)
    fail(p, "%s is not executed: it must name its memory and have at most 16 bytes", mnemonic);
  if (is_load) read_values(p, in);
  if (is_load) expect(p, ",");
  read_address(p, in);
  if (!is_load) expect(p, ",");
  if (!is_load) read_values(p, in);
}

static void read_instruction(Parser *p) {
  Kernel *k = p->kernel;
  k->code = grow(p, k->code, k->length, sizeof *k->code);
  Instruction *in = &k->code[k->length++];
  *in = (Instruction){.guard = NO_GUARD, .line = p->line};
  if (is(p, "@")) {
    next(p);
    in->is_guard_inverted = is(p, "!");
    in->guard = register_row(p, in->is_guard_inverted ? next(p) : p->token, 'p');
    next(p);
  }
  char mnemonic[sizeof p->token];
  strcpy(mnemonic, p->token);
  if (is(p, "bra") || is(p, "bra.uni")) {
    in->kind = BRANCH;
    in->is_uniform = is(p, "bra.uni");
    p->jumps = grow(p, p->jumps, p->jump_count, sizeof *p->jumps);
    copy_name(p, p->jumps[p->jump_count].name, next(p));
    p->jumps[p->jump_count++].target = k->length - 1;
  } else if (is(p, "ret") || is(p, "exit")) {
    in->kind = RETURN;
  } else if (is(p, "bar.sync")) {
    in->kind = BARRIER;
    expect(p, "0");
  } else if (strncmp(mnemonic, "ld.", 3) == 0 || strncmp(mnemonic, "st.", 3) == 0) {
    read_transfer(p, in, mnemonic);
  } else {
    const Mnemonic *known = mnemonic_find(mnemonic);
    if (!known) fail(p, "%s is not executed here", mnemonic);
    in->compute = known->compute;
    for (int n = 0; known->operands[n]; n++) {
      if (n > 0) expect(p, ",");
      in->operands[n] = operand(p, next(p), known->operands[n]);
    }
  }
  expect(p, ";");
}

static void read_body(Parser *p) {
  while (!is(p, "}")) {
    if (is(p, ".reg")) {
      read_registers(p);
    } else if (is(p, ".shared")) {
      read_shared(p);
    } else if (follows(p, ':')) {
      p->labels = grow(p, p->labels, p->label_count, sizeof *p->labels);
      copy_name(p, p->labels[p->label_count].name, p->token);
      p->labels[p->label_count++].target = p->kernel->length;
      next(p);
    } else {
      read_instruction(p);
    }
    if (!*next(p)) fail(p, "the end of the text in a kernel");
  }
  const Instruction *last = p->kernel->length ? &p->kernel->code[p->kernel->length - 1] : NULL;
  bool is_closed = last && last->guard == NO_GUARD && (last->kind == RETURN || last->kind == BRANCH);
  if (!is_closed) fail(p, "a kernel that does not end with ret");
}

static void resolve_jumps(Parser *p) {
  for (uint32_t n = 0; n < p->jump_count; n++) {
    uint32_t to = 0;
    while (to < p->label_count && strcmp(p->labels[to].name, p->jumps[n].name) != 0) to++;
    if (to == p->label_count) fail(p, "%s is no label", p->jumps[n].name);
    p->kernel->code[p->jumps[n].target].target = p->labels[to].target;
  }
}

// (.param .align 8 .b8 name[64], .param .b32 other)
static void read_parameters(Parser *p) {
  Kernel *k = p->kernel;
  expect(p, "(");
  while (!is(p, ")")) {
    if (!is(p, "(") && !is(p, ",")) fail(p, "\"%s\" among the parameters", p->token);
    if (follows(p, ')')) {
      next(p);
      continue;
    }
    uint32_t alignment = 0, length = 1, index = k->parameter_count++;
    if (index == sizeof k->parameters / sizeof *k->parameters) fail(p, "too many parameters");
    expect(p, ".param");
    next(p);
    if (is(p, ".align")) {
      alignment = next_number(p);
      next(p);
    }
    uint32_t width = width_of(p->token + 1);
    copy_name(p, p->parameters[index].name, next(p));
    next(p);
    if (is(p, "[")) {
      length = next_number(p);
      expect(p, "]");
      next(p);
    }
    if (width == 0) fail(p, "a parameter of this type is not executed");
    if (alignment == 0) alignment = width;
    uint32_t offset = (k->parameter_bytes + alignment - 1) / alignment * alignment;
    p->parameters[index].offset = k->parameters[index].offset = offset;
    k->parameters[index].size = width * length;
    k->parameter_bytes = offset + width * length;
  }
}

static void read_kernel(Parser *p, Module *module) {
  module->kernels = grow(p, module->kernels, module->count, sizeof *module->kernels);
  Kernel *k = p->kernel = &module->kernels[module->count++];
  // Row 0 belongs to nobody: it is what operands that an instruction does not have read.
  *k = (Kernel){.rows = 2, .register_rows = 2};
  p->register_kinds = p->label_count = p->jump_count = 0;
  copy_name(p, k->name, next(p));
  read_parameters(p);
  while (*next(p) && !is(p, "{")) {
    bool is_size = is(p, ".maxntid");
    if (!is_size && !is(p, ".minnctapersm")) fail(p, "%s is not known here", p->token);
    for (int axis = 0; axis == 0 || follows(p, ','); axis++) {
      if (axis > 0) next(p);
      uint32_t value = next_number(p);
      if (is_size && axis < 3) k->most_lanes[axis] = value;
    }
  }
  next(p);
  read_body(p);
  resolve_jumps(p);
  if (!flow_find_meetings(k)) fail(p, "no memory");
}

// Functions are not called by kernels that are executed here: a call is refused where it stands.
static void skip_function(Parser *p) {
  int depth = 0;
  do {
    next(p);
    depth += is(p, "{") - is(p, "}");
  } while (*p->token && (depth > 0 || !(is(p, ";") || is(p, "}"))));
}

static void read_all(Parser *p, Module *module) {
  if (!(module->text = strdup(p->at))) fail(p, "no memory");
  while (*next(p)) {
    if (is(p, ".version") || is(p, ".target") || is(p, ".address_size")) {
      next(p);
    } else if (is(p, ".func")) {
      skip_function(p);
    } else if (is(p, ".entry")) {
      read_kernel(p, module);
    } else if (!is(p, ".visible")) {
      fail(p, "\"%s\" is not known here", p->token);
    }
  }
}

Module *module_read(const char *text, char *problem, size_t problem_size) {
  Module *volatile module = calloc(1, sizeof *module);
  Parser *p = calloc(1, sizeof *p);
  if (!module || !p) abort();
  *p = (Parser){.at = text, .line = 1, .problem = problem, .problem_size = problem_size};
  if (setjmp(p->failed) == 0) {
    read_all(p, module);
  } else {
    module_free(module);
    module = NULL;
  }
  free(p->labels);
  free(p->jumps);
  free(p);
  return module;
}

void module_free(Module *module) {
  for (uint32_t n = 0; n < module->count; n++) {
    free(module->kernels[n].code);
    free(module->kernels[n].constants);
  }
  free(module->kernels);
  free(module->text);
  free(module);
}
