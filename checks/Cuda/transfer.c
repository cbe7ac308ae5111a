// Loads and stores.
#include <stdlib.h>
#include <string.h>

#include "finding.h"

// `width` and `values` are constants, so that each combination is compiled for itself. Space and times are copies: the compiler
// would have to read them again after each store.
static inline __attribute__((always_inline)) bool load(Group *g, const Instruction *in, uint32_t width, uint32_t values) {
  const uint64_t *base = row_of(g, in->operands[ADDRESS]);
  Space space = in->is_shared ? g->shared : *global_memory();
  Times times = g->times;
  if (in->is_shared) times.launch = times.group;
  for (uint32_t n = 0; n < g->lanes; n++) {
    if (!g->active[n]) continue;
    uint64_t address = base[n] + (uint64_t)in->offset;
    Fault fault = check_read(&space, &times, times.now | n, address, width * values);
    if (fault != FINE) return tell_access(g, in, n, fault, address, width * values), false;
    const uint8_t *from = space.bytes + (address - space.base);
    for (uint32_t v = 0; v < values; v++) {
      uint64_t value = 0;
      memcpy(&value, from + v * width, width);
      if (width == 8) ((uint64_t *)row_of(g, in->operands[v]))[n] = value;
      else ((uint32_t *)row_of(g, in->operands[v]))[n] = (uint32_t)value;
    }
  }
  return true;
}

static inline __attribute__((always_inline)) bool store(Group *g, const Instruction *in, uint32_t width, uint32_t values) {
  const uint64_t *base = row_of(g, in->operands[ADDRESS]);
  Space space = in->is_shared ? g->shared : *global_memory();
  Times times = g->times;
  if (in->is_shared) times.launch = times.group;
  for (uint32_t n = 0; n < g->lanes; n++) {
    if (!g->active[n]) continue;
    uint64_t address = base[n] + (uint64_t)in->offset;
    Fault fault = check_write(&space, &times, times.now | n, address, width * values);
    if (fault != FINE) return tell_access(g, in, n, fault, address, width * values), false;
    uint8_t *to = space.bytes + (address - space.base);
    for (uint32_t v = 0; v < values; v++) {
      uint64_t value = width == 8 ? ((const uint64_t *)row_of(g, in->operands[v]))[n]
                                  : ((const uint32_t *)row_of(g, in->operands[v]))[n];
      memcpy(to + v * width, &value, width);
    }
  }
  return true;
}

bool transfer(Group *g, const Instruction *in) {
  bool is_load = in->kind == LOAD;
  switch (in->width << 4 | in->values) {
#define CASE(WIDTH, VALUES) \
  case WIDTH << 4 | VALUES: \
    return is_load ? load(g, in, WIDTH, VALUES) : store(g, in, WIDTH, VALUES);
    CASE(1, 1) CASE(1, 2) CASE(1, 4) CASE(2, 1) CASE(2, 2) CASE(2, 4) CASE(4, 1) CASE(4, 2) CASE(4, 4) CASE(8, 1) CASE(8, 2)
  }
  abort();  // The parser lets nothing else pass.
}

void load_parameter(Group *g, const Instruction *in) {
  uint64_t value = 0;
  memcpy(&value, g->parameters + in->offset, in->width);
  for (uint32_t n = 0; n < g->lanes; n++) {
    if (!g->active[n]) continue;
    if (in->width == 8) ((uint64_t *)row_of(g, in->operands[0]))[n] = value;
    else ((uint32_t *)row_of(g, in->operands[0]))[n] = (uint32_t)value;
  }
}
