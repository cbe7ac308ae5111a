// Global memory is one large range of addresses, of which the system provides the pages that are used. What is remembered lies
// in parallel ranges, so that no access has to look an allocation up. Allocations are apart from each other, and an address is
// never given twice: an access behind the end of one, or to one that was given back, finds bytes that belong to none.
#define _GNU_SOURCE
#include "memory.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, WORD = 4 };
static const uint64_t total = 4ull << 30, addresses = 256ull << 30;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Space global;
static uint64_t next, used;
static Allocation *allocations;
static size_t count, capacity;

static void *reserve(uint64_t size) {
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

bool space_open(Space *space, const char *name, uint64_t base, uint64_t size) {
  // Behind the last address is a page more, because the records of four words are looked at together.
  size = (size + 2 * PAGE - 1) / PAGE * PAGE;
  *space = (Space){name, base, size, reserve(size), reserve(size), reserve(size / WORD * 8), reserve(size / WORD * 8)};
  if (base == 0) space->base = (uint64_t)space->bytes;
  return space->bytes && space->states && space->writers && space->readers;
}

void space_close(Space *space) {
  if (space->bytes) munmap(space->bytes, space->size);
  if (space->states) munmap(space->states, space->size);
  if (space->writers) munmap(space->writers, space->size / WORD * 8);
  if (space->readers) munmap(space->readers, space->size / WORD * 8);
}

void space_begin(Space *space, uint64_t address, uint64_t size) {
  memset(space->bytes + (address - space->base), 0xff, size);
  memset(space->states + (address - space->base), UNWRITTEN, size);
}

static void open_global(void) {
  // Device addresses are those of the host's reservation, so that no other pointer can be mistaken for one.
  if (!space_open(&global, "global", 0, addresses)) abort();
  next = global.base + PAGE;
}

Space *global_memory(void) {
  pthread_once(&once, open_global);
  return &global;
}

uint64_t memory_total(void) { return total; }

uint64_t memory_free(void) { return total - __atomic_load_n(&used, __ATOMIC_RELAXED); }

uint64_t memory_take(uint64_t size) {
  Space *space = global_memory();
  uint64_t address = 0;
  pthread_mutex_lock(&lock);
  if (count == capacity) {
    size_t larger = capacity ? 2 * capacity : 64;
    Allocation *moved = realloc(allocations, larger * sizeof *moved);
    if (moved) allocations = moved, capacity = larger;
  }
  // The gap is as large as the allocation: an index that is wrong by a whole row still falls into it.
  uint64_t step = (2 * size + 2 * PAGE - 1) / PAGE * PAGE;
  if (count < capacity && size <= total - used && step < space->base + space->size - next) {
    address = next;
    next += step;
    used += size;
    allocations[count++] = (Allocation){address, size};
    space_begin(space, address, size);
  }
  pthread_mutex_unlock(&lock);
  return address;
}

static void discard(void *begin, uint64_t size) { madvise(begin, (size + PAGE - 1) / PAGE * PAGE, MADV_DONTNEED); }

bool memory_give_back(uint64_t address) {
  bool found = false;
  pthread_mutex_lock(&lock);
  for (size_t n = 0; n < count && !found; n++) {
    if (allocations[n].address != address) continue;
    uint64_t size = allocations[n].size, offset = address - global.base;
    // Pages that are discarded read as zero, which for states is OUTSIDE. Allocations begin on a page.
    discard(global.bytes + offset, size);
    discard(global.states + offset, size);
    discard(global.writers + offset / WORD, size / WORD * 8);
    discard(global.readers + offset / WORD, size / WORD * 8);
    used -= size;
    allocations[n] = allocations[--count];
    found = true;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

Allocation memory_nearest(uint64_t address) {
  Allocation nearest = {0, 0};
  uint64_t smallest = UINT64_MAX;
  pthread_mutex_lock(&lock);
  for (size_t n = 0; n < count; n++) {
    uint64_t begin = allocations[n].address, end = begin + allocations[n].size;
    uint64_t distance = address < begin ? begin - address : address < end ? 0 : address - end;
    if (distance < smallest) smallest = distance, nearest = allocations[n];
  }
  pthread_mutex_unlock(&lock);
  return nearest;
}

bool memory_has(uint64_t address) {
  const Space *space = global_memory();
  return address - space->base < space->size;
}

bool memory_has_range(uint64_t address, uint64_t size) {
  Allocation near = memory_nearest(address);
  return address >= near.address && size <= near.size && address - near.address <= near.size - size;
}
