// Executes groups. All items of one execute an instruction together. Where they part at a branch, one side goes on alone to where
// both meet again, then the other. At a barrier all must be together.
#include "group.h"

#include <stdlib.h>
#include <string.h>

#include "finding.h"

enum { NOWHERE = UINT32_MAX, WARP = 32, ALIGNMENT = 64, MOST_PATHS = 128 };

// Lanes that go the same way, from `pc` to `meeting`, where those that they parted from are, or will be.
typedef struct {
  uint32_t pc, meeting;
  uint8_t lanes[MOST_LANES];  // 1 for those
} Path;

// What a group is beside its registers. The path on top of the others is executed; those below wait for it.
typedef struct {
  Group g;
  Path paths[MOST_PATHS];
  uint32_t depth;
  bool is_settled;  // whether the path on top can go on
  uint8_t has_ended[MOST_LANES];
} Run;

// Counts groups and barriers of the whole process: see access.h.
static int64_t clock_ticks = 1;

static int64_t tick(void) { return __atomic_fetch_add(&clock_ticks, 1, __ATOMIC_RELAXED) << TIME_SHIFT; }

static Path *top(Run *run) { return &run->paths[run->depth - 1]; }

static bool passes_guard(const Group *g, const Instruction *in, uint32_t lane) {
  return in->guard == NO_GUARD || (((const uint32_t *)row_of(g, in->guard))[lane] != 0) != in->is_guard_inverted;
}

// Makes the lanes of the path on top the active ones.
static void activate(Run *run) {
  const uint8_t *lanes = memcpy(run->g.active, top(run)->lanes, run->g.lanes);
  run->g.is_full = !memchr(lanes, false, run->g.lanes);
}

static bool push(Run *run, uint32_t pc, uint32_t meeting, const uint8_t *lanes) {
  if (pc == meeting) return true;
  if (run->depth == MOST_PATHS) return false;
  run->depth++;
  top(run)->pc = pc;
  top(run)->meeting = meeting;
  memcpy(top(run)->lanes, lanes, run->g.lanes);
  return true;
}

// Lanes part. Their common path goes on where they meet again; before, each side has a path of its own.
static bool part(Run *run, const Instruction *in) {
  Group *g = &run->g;
  uint8_t taken[MOST_LANES], others[MOST_LANES];
  uint32_t in_warp[2] = {0, 0}, next = top(run)->pc + 1;
  for (uint32_t n = 0; n < g->lanes; n++) {
    if (n % WARP == 0) in_warp[0] = in_warp[1] = 0;
    taken[n] = g->active[n] && passes_guard(g, in, n);
    others[n] = g->active[n] && !taken[n];
    in_warp[taken[n]] += g->active[n];
    if (in->is_uniform && in_warp[0] && in_warp[1])
      return tell_lane(g, in, n, "not uniform: items of a warp part at a branch that they must take together"), false;
  }
  run->is_settled = false;
  if (top(run)->meeting == in->meeting) run->depth--;
  else top(run)->pc = in->meeting;
  bool has_place = push(run, next, in->meeting, others) && push(run, in->target, in->meeting, taken);
  if (!has_place) tell_lane(g, in, 0, "too many branches within branches");
  return has_place;
}

static bool branch(Run *run, const Instruction *in) {
  const Group *g = &run->g;
  const uint32_t lanes = g->lanes, *predicates = in->guard == NO_GUARD ? NULL : row_of(g, in->guard);
  uint32_t taken = 0, all = 0;
  for (uint32_t n = 0; n < lanes && predicates; n++) {
    taken += g->active[n] & (predicates[n] != in->is_guard_inverted);
    all += g->active[n];
  }
  if (taken != 0 && taken != all) return part(run, in);
  top(run)->pc = taken == all ? in->target : top(run)->pc + 1;
  return true;
}

// Lanes end: no path has them any more.
static void end_lanes(Run *run, const Instruction *in) {
  for (uint32_t n = 0; n < run->g.lanes; n++) {
    if (!run->g.active[n] || !passes_guard(&run->g, in, n)) continue;
    for (uint32_t p = 0; p < run->depth; p++) run->paths[p].lanes[n] = false;
    run->has_ended[n] = true;
  }
  run->is_settled = false;
  top(run)->pc++;
}

// All lanes must be here: those that parted have met again, if the barrier stands where all come by.
static bool wait(Run *run, const Instruction *in) {
  Group *g = &run->g;
  for (uint32_t n = 0; n < g->lanes; n++) {
    if (g->active[n] && passes_guard(g, in, n)) continue;
    const char *what = run->has_ended[n] ? "has ended" : "went another way";
    return tell_lane(g, in, n, "diverging barrier: this item %s, and others wait here for it", what), false;
  }
  g->times.now = tick();
  top(run)->pc++;
  return true;
}

static bool execute(Group *g, const Instruction *in) {
  if (in->kind == COMPUTE) in->compute(g, in);
  else if (in->kind == LOAD_PARAMETER) load_parameter(g, in);
  else return transfer(g, in);
  return true;
}

// Executes an instruction for the lanes that its guard lets pass.
static bool execute_guarded(Run *run, const Instruction *in) {
  Group *g = &run->g;
  for (uint32_t n = 0; n < g->lanes; n++) g->active[n] = g->active[n] && passes_guard(g, in, n);
  g->is_full = false;
  bool is_fine = execute(g, in);
  activate(run);
  return is_fine;
}

// Takes paths away that are where they meet others, and those of which all lanes have ended. False where none is left.
static bool settle(Run *run) {
  for (; run->depth > 0; run->depth--) {
    if (top(run)->pc == top(run)->meeting || !memchr(top(run)->lanes, true, run->g.lanes)) continue;
    activate(run);
    return run->is_settled = true;
  }
  return false;
}

static void fill_row(Group *g, int32_t row, uint8_t width, uint64_t bits) {
  uint64_t *wide = row_of(g, row);
  uint32_t *narrow = row_of(g, row);
  const uint32_t stride = g->stride;
  for (uint32_t n = 0; n < stride && width == 8; n++) wide[n] = bits;
  for (uint32_t n = 0; n < stride && width == 4; n++) narrow[n] = (uint32_t)bits;
}

// Registers that nobody has set are NaNs. Constants are set once for a launch, because nothing can change them.
static void begin_launch(Group *g) {
  const Kernel *k = g->kernel;
  memset(g->registers, 0xff, (size_t)k->rows * 4 * g->stride);
  for (uint32_t n = 0; n < k->constant_count; n++)
    fill_row(g, k->constants[n].row, k->constants[n].width, k->constants[n].bits);
}

static void begin_group(Run *run) {
  Group *g = &run->g;
  const Kernel *k = g->kernel;
  for (int32_t row = 0; row < k->register_rows; row++) fill_row(g, row, 4, UINT32_MAX);
  for (int axis = 0; axis < 3; axis++) {
    const uint32_t values[SPECIAL_KINDS] = {0, g->index[axis], g->size[axis], g->groups[axis]};
    for (int kind = 0; kind < SPECIAL_KINDS; kind++) {
      int32_t row = k->special_rows[kind][axis];
      if (row && kind != TID) fill_row(g, row, 4, values[kind]);
      for (uint32_t n = 0; row && kind == TID && n < g->stride; n++) {
        const uint32_t place[3] = {n % g->size[0], n / g->size[0] % g->size[1], n / g->size[0] / g->size[1]};
        ((uint32_t *)row_of(g, row))[n] = place[axis];
      }
    }
  }
  for (uint32_t n = 0; n < k->shared_count; n++) space_begin(&g->shared, k->shared[n].address, k->shared[n].size);
  memset(run->has_ended, false, g->lanes);
  run->depth = 1;
  top(run)->pc = 0;
  top(run)->meeting = NOWHERE;
  memset(top(run)->lanes, true, g->lanes);
  run->is_settled = false;
  g->times.group = g->times.now = tick();
}

static bool run_group(Run *run) {
  begin_group(run);
  for (;;) {
    if (!run->is_settled && !settle(run)) return true;
    const Instruction *in = &run->g.kernel->code[top(run)->pc];
    bool is_fine = true;
    switch (in->kind) {
      case BRANCH: is_fine = branch(run, in); break;
      case BARRIER: is_fine = wait(run, in); break;
      case RETURN: end_lanes(run, in); break;
      default:
        is_fine = in->guard == NO_GUARD ? execute(&run->g, in) : execute_guarded(run, in);
        top(run)->pc++;
    }
    if (!is_fine) return false;
    if (run->is_settled) run->is_settled = top(run)->pc != top(run)->meeting;
  }
}

static bool open_run(Run *run) {
  Group *g = &run->g;
  g->lanes = g->size[0] * g->size[1] * g->size[2];
  g->stride = (g->lanes + 15) / 16 * 16;
  g->registers = aligned_alloc(ALIGNMENT, (size_t)g->kernel->rows * 4 * g->stride);
  return space_open(&g->shared, "shared", SHARED_BASE, g->kernel->shared_end + SHARED_GAP) && g->registers;
}

bool launch_run(const Module *module, const Kernel *kernel, const uint32_t groups[3], const uint32_t size[3],
                const uint8_t *parameters) {
  Run *run = calloc(1, sizeof *run);
  if (!run) return false;
  Group *g = &run->g;
  *g = (Group){.module = module, .kernel = kernel, .parameters = parameters, .times.launch = tick()};
  memcpy(g->size, size, sizeof g->size);
  memcpy(g->groups, groups, sizeof g->groups);
  bool is_fine = open_run(run);
  if (is_fine) begin_launch(g);
  else tell_host("%s: the host has no memory for its group", kernel->name);
  for (uint32_t z = 0; z < groups[2] && is_fine; z++) {
    for (uint32_t y = 0; y < groups[1] && is_fine; y++) {
      for (uint32_t x = 0; x < groups[0] && is_fine; x++) {
        memcpy(g->index, (const uint32_t[]){x, y, z}, sizeof g->index);
        is_fine = run_group(run);
      }
    }
  }
  space_close(&g->shared);
  free(g->registers);
  free(run);
  return is_fine;
}
