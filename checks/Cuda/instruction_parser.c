// Reads instructions. What is not known is refused: none is left out, and no modifier of one ignored.
#include <stdio.h>
#include <string.h>

#include "parser.h"

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

void read_instruction(Parser *p) {
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
