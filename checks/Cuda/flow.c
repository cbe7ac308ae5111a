// Where items that part at a branch meet again: at the first instruction that all ways to the end of the kernel pass, the
// branch's immediate post-dominator (K. Cooper, T. Harvey, K. Kennedy: A Simple, Fast Dominance Algorithm, on the reversed
// graph).
#include <stdlib.h>

#include "ptx.h"

enum { NONE = UINT32_MAX };

// The one or two instructions that can follow one. Behind the last stands the end of the kernel, with a number of its own.
static uint32_t successors(const Kernel *k, uint32_t n, uint32_t next[2]) {
  const Instruction *in = &k->code[n];
  uint32_t count = 0;
  if (in->kind == BRANCH) next[count++] = in->target;
  if (in->kind == RETURN) next[count++] = k->length;
  if (count == 0 || in->guard != NO_GUARD) next[count++] = n + 1;
  return count;
}

typedef struct {
  uint32_t *heads, *links;  // lists of the edges to an instruction; that of an instruction n to its successor s is 2 n + s
  uint32_t *order, *rank;   // the instructions in post-order of the reversed graph, and their places in it
  uint32_t *meeting;        // NONE where it is not known yet
  uint32_t reached;
} Flow;

static void find_order(const Kernel *k, Flow *f, uint32_t *stack, bool *seen) {
  uint32_t next[2], depth = 0;
  for (uint32_t n = 0; n <= k->length; n++) f->heads[n] = f->meeting[n] = NONE;
  for (uint32_t n = 0; n < k->length; n++) {
    for (uint32_t s = successors(k, n, next); s-- > 0;) {
      f->links[2 * n + s] = f->heads[next[s]];
      f->heads[next[s]] = 2 * n + s;
    }
  }
  stack[depth++] = k->length;
  seen[k->length] = true;
  while (depth > 0) {
    uint32_t n = stack[depth - 1], edge = f->heads[n];
    if (edge == NONE) {
      f->rank[n] = f->reached;
      f->order[f->reached++] = n;
      depth--;
    } else {
      f->heads[n] = f->links[edge];
      if (!seen[edge / 2]) stack[depth++] = edge / 2;
      seen[edge / 2] = true;
    }
  }
}

static uint32_t nearest_common(const Flow *f, uint32_t a, uint32_t b) {
  while (a != b) {
    while (f->rank[a] < f->rank[b]) a = f->meeting[a];
    while (f->rank[b] < f->rank[a]) b = f->meeting[b];
  }
  return a;
}

static void find_post_dominators(const Kernel *k, Flow *f) {
  f->meeting[k->length] = k->length;
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (uint32_t place = f->reached - 1; place-- > 0;) {
      uint32_t next[2], n = f->order[place], meeting = NONE;
      for (uint32_t s = successors(k, n, next); s-- > 0;)
        if (f->meeting[next[s]] != NONE) meeting = meeting == NONE ? next[s] : nearest_common(f, next[s], meeting);
      has_changed |= f->meeting[n] != meeting;
      f->meeting[n] = meeting;
    }
  }
}

bool flow_find_meetings(Kernel *k) {
  uint32_t nodes = k->length + 1;
  uint32_t *memory = calloc((size_t)nodes, 7 * sizeof *memory);
  bool *seen = calloc(nodes, sizeof *seen);
  if (memory && seen) {
    Flow f = {memory, memory + nodes, memory + 3 * nodes, memory + 4 * nodes, memory + 5 * nodes, 0};
    find_order(k, &f, memory + 6 * nodes, seen);
    find_post_dominators(k, &f);
    // A branch from which no way leads to the end has none: its items part for ever.
    for (uint32_t n = 0; n < k->length; n++) k->code[n].meeting = f.meeting[n];
  }
  bool is_done = memory && seen;
  free(memory);
  free(seen);
  return is_done;
}
