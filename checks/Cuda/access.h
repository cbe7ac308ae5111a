// What is checked of each access of a kernel: bounds, alignment, that somebody has written what is read, and that no two items
// race.
//
// Time is counted over all launches of the process: it moves on when a group begins and at each of its barriers. A record of an
// access is the time, a bit that says whether items of other groups have had the same access in this launch, and the number of
// the item in its group. So one comparison each says whether a record is of an earlier launch, of another group, or from before
// the barrier. Between the groups of a launch there is no barrier.
//
// Records are kept for words of 4 bytes: no kernel stores less. Two items that stored different bytes of a word would be
// reported.
#pragma once
#include <string.h>

#include "memory.h"

enum { LANE_BITS = 11, TIME_SHIFT = LANE_BITS + 1 };
#define SEVERAL_LANES ((1ll << LANE_BITS) - 1)
#define OTHER_GROUPS (1ll << LANE_BITS)

// Records below `launch` are of no concern; those below `group` are of other groups, those below `now` from before the barrier.
typedef struct {
  int64_t launch, group, now;
} Times;

typedef enum { FINE, OUT_OF_BOUNDS, MISALIGNED, UNINITIALISED, RACE_WITH_WRITE, RACE_WITH_READ } Fault;

// The records of four words, which is what an access has at most, in one vector: comparisons give -1 for true. An access of fewer
// words looks at its neighbours' records, too, and leaves them as they are.
typedef int64_t Words __attribute__((vector_size(32)));

static inline Words load_records(const int64_t *records) {
  Words words;
  memcpy(&words, records, sizeof words);
  return words;
}

static inline void store_records(int64_t *records, Words words) { memcpy(records, &words, sizeof words); }

static inline Words choose(Words condition, Words yes, Words no) { return (condition & yes) | (~condition & no); }

static inline bool any(Words words) { return (words[0] | words[1] | words[2] | words[3]) != 0; }

// The words of an access.
static inline Words words_of(uint32_t size) { return (Words){-1, -(size > 4), -(size > 8), -(size > 12)}; }

// Whether an access of this moment (`mine`: the time and the item) conflicts with recorded ones, if either of them writes.
static inline Words conflicts(Words records, int64_t mine, const Times *times) {
  return (records >= times->launch) & ((records < times->group) | ((records & OTHER_GROUPS) != 0) |
                                       ((records >= times->now) & (records != mine)));
}

// The records of all reads, with one more.
static inline Words with_read(Words records, int64_t mine, const Times *times) {
  Words none = records - records;
  Words same_moment = records | (((records & ~OTHER_GROUPS) != mine) & SEVERAL_LANES);
  Words same_group = choose(records >= times->now, same_moment, (records & OTHER_GROUPS) | mine);
  Words same_launch = choose(records < times->group, none + (mine | OTHER_GROUPS), same_group);
  return choose(records < times->launch, none + mine, same_launch);
}

// Whether all bytes of an access have been written; `size` is a constant, 1 to 16.
static inline bool all_written(const uint8_t *states, uint32_t size) {
  static const uint8_t written[16] = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
  return memcmp(states, written, size) == 0;
}

static inline Fault check_place(const Space *space, uint64_t address, uint32_t size) {
  uint64_t offset = address - space->base;
  if (offset > space->size - size) return OUT_OF_BOUNDS;
  if (address % size != 0) return MISALIGNED;
  for (uint32_t n = 0; n < size; n++)
    if (space->states[offset + n] == OUTSIDE) return OUT_OF_BOUNDS;
  return FINE;
}

// Checks a read of an item and records it.
static inline Fault check_read(const Space *space, const Times *times, int64_t mine, uint64_t address, uint32_t size) {
  uint64_t offset = address - space->base;
  if (offset > space->size - size || address % size != 0 || !all_written(space->states + offset, size)) {
    Fault fault = check_place(space, address, size);
    return fault != FINE ? fault : UNINITIALISED;
  }
  int64_t *writers = space->writers + offset / 4, *readers = space->readers + offset / 4;
  Words records = load_records(readers);
  store_records(readers, choose(words_of(size), with_read(records, mine, times), records));
  return any(words_of(size) & conflicts(load_records(writers), mine, times)) ? RACE_WITH_WRITE : FINE;
}

// Checks a write of an item and records it.
static inline Fault check_write(const Space *space, const Times *times, int64_t mine, uint64_t address, uint32_t size) {
  uint64_t offset = address - space->base;
  if (offset > space->size - size || address % size != 0 || !all_written(space->states + offset, size)) {
    Fault fault = check_place(space, address, size);
    if (fault != FINE) return fault;
  }
  memset(space->states + offset, WRITTEN, size);
  int64_t *writers = space->writers + offset / 4, *readers = space->readers + offset / 4;
  Words records = load_records(writers);
  store_records(writers, choose(words_of(size), records - records + mine, records));
  if (any(words_of(size) & conflicts(records, mine, times))) return RACE_WITH_WRITE;
  return any(words_of(size) & conflicts(load_records(readers), mine, times)) ? RACE_WITH_READ : FINE;
}
