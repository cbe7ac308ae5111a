// What is found: one line each on standard error, in which a person can find the place. Where findings are planted, and read from
// the driver's answers, CUDA_EMULATOR_QUIET keeps them from there.
#pragma once
#include "group.h"

// What one item does wrong at an instruction.
void tell_lane(const Group *g, const Instruction *in, uint32_t lane, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// An access that is not fine: `address` and `size` are those of the whole access, `is_write` its kind.
void tell_access(const Group *g, const Instruction *in, uint32_t lane, Fault fault, uint64_t address, uint32_t size);

// What the host does wrong.
void tell_host(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The last one that this thread was told of.
const char *last_finding(void);
