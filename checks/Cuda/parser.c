// Reads PTX as ILGPU writes it: modules, kernels, and what they declare.
#include "parser.h"

#include <stdlib.h>
#include <string.h>

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
