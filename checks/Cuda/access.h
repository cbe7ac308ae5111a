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
#define SEVERAL_LANES ((1ull << LANE_BITS) - 1)
#define OTHER_GROUPS (1ull << LANE_BITS)

// Records below `launch` are of no concern; those below `group` are of other groups, those below `now` from before the barrier.
typedef struct {
  uint64_t launch, group, now;
} Times;

typedef enum { FINE, OUT_OF_BOUNDS, MISALIGNED, UNINITIALISED, RACE_WITH_WRITE, RACE_WITH_READ } Fault;

// Whether an access of this moment (`mine`: the time and the item) conflicts with a recorded one, if either of them writes.
static inline bool conflicts(uint64_t record, uint64_t mine, const Times *times) {
  return (record >= times->launch) & ((record < times->group) | ((record & OTHER_GROUPS) != 0) |
                                      ((record >= times->now) & (record != mine)));
}

// The record of all reads of a word, with one more.
static inline uint64_t with_read(uint64_t record, uint64_t mine, const Times *times) {
  uint64_t same_moment = (record & ~OTHER_GROUPS) == mine ? record : record | SEVERAL_LANES;
  uint64_t same_group = record >= times->now ? same_moment : mine | (record & OTHER_GROUPS);
  return record < times->launch ? mine : record < times->group ? mine | OTHER_GROUPS : same_group;
}

// Whether all of a range of states has been written; `size` is a constant, 1 to 16.
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
static inline Fault check_read(Space *space, const Times *times, uint64_t mine, uint64_t address, uint32_t size) {
  uint64_t offset = address - space->base, word = offset / 4;
  if (offset > space->size - size || address % size != 0 || !all_written(space->states + offset, size)) {
    Fault fault = check_place(space, address, size);
    return fault != FINE ? fault : UNINITIALISED;
  }
  bool race = false;
  for (uint32_t n = 0; n < (size + 3) / 4; n++) {
    race |= conflicts(space->writers[word + n], mine, times);
    space->readers[word + n] = with_read(space->readers[word + n], mine, times);
  }
  return race ? RACE_WITH_WRITE : FINE;
}

// Checks a write of an item and records it.
static inline Fault check_write(Space *space, const Times *times, uint64_t mine, uint64_t address, uint32_t size) {
  uint64_t offset = address - space->base, word = offset / 4;
  if (offset > space->size - size || address % size != 0 || !all_written(space->states + offset, size)) {
    Fault fault = check_place(space, address, size);
    if (fault != FINE) return fault;
  }
  memset(space->states + offset, WRITTEN, size);
  bool write_race = false, read_race = false;
  for (uint32_t n = 0; n < (size + 3) / 4; n++) {
    write_race |= conflicts(space->writers[word + n], mine, times);
    read_race |= conflicts(space->readers[word + n], mine, times);
    space->writers[word + n] = mine;
  }
  return write_race ? RACE_WITH_WRITE : read_race ? RACE_WITH_READ : FINE;
}
