// A group of items while it is executed.
#pragma once
#include "access.h"
#include "ptx.h"

enum { MOST_LANES = 1024 };

struct Group {
  const Module *module;
  const Kernel *kernel;
  uint32_t size[3], groups[3], index[3];  // ntid, nctaid, ctaid
  uint32_t lanes, stride;                 // items, and those that a row has place for
  uint8_t *registers;
  uint8_t active[MOST_LANES];  // per lane whether it executes the current instruction
  bool is_full;                // whether all do
  const uint8_t *parameters;
  Space shared;
  Times times;
};

static inline void *row_of(const Group *g, int32_t row) { return g->registers + (size_t)row * 4 * g->stride; }

// Loads, stores, and checks each access; false where something was found, which has been told then.
bool transfer(Group *group, const Instruction *instruction);
void load_parameter(Group *group, const Instruction *instruction);

// Executes all groups of a launch, one after the other; false as above.
bool launch_run(const Module *module, const Kernel *kernel, const uint32_t groups[3], const uint32_t size[3],
                const uint8_t *parameters);
