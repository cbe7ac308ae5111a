// Memory of the emulated device, and what is remembered of each byte and word of it.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What has become of a byte. Pages that nobody has touched are zero, and so belong to no allocation.
enum { OUTSIDE, UNWRITTEN, WRITTEN };

// A range of addresses: the global memory of the device, or the shared memory of a group.
typedef struct {
  const char *name;
  uint64_t base, size;
  uint8_t *bytes, *states;      // one of each for every address from base
  int64_t *writers, *readers;   // the last access of either kind to every word of 4 bytes: see access.h
} Space;

// An allocation of global memory, or a variable in shared memory.
typedef struct {
  uint64_t address, size;
} Allocation;

// The memory that cuMemAlloc takes from.
Space *global_memory(void);

// The bytes that the device says it has, and those that are free.
uint64_t memory_total(void);
uint64_t memory_free(void);

// Takes memory that nobody has written; 0 where there is no more. No address is ever given twice.
uint64_t memory_take(uint64_t size);

// Gives an allocation back; false where there is none at this address.
bool memory_give_back(uint64_t address);

// The allocation that lies nearest to an address; its size is 0 where there is none.
Allocation memory_nearest(uint64_t address);

// Whether an address is one of the device's, and whether all of a range is in an allocation.
bool memory_has(uint64_t address);
bool memory_has_range(uint64_t address, uint64_t size);

// Space for a group's shared memory, of which nothing is an allocation yet; false where the host has no memory.
bool space_open(Space *space, const char *name, uint64_t base, uint64_t size);
void space_close(Space *space);

// Says of a range that it is an allocation which nobody has written. Its bytes become NaNs.
void space_begin(Space *space, uint64_t address, uint64_t size);
