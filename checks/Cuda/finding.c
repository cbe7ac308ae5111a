#include "finding.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The last one of a thread: cuGetErrorString hands it on, so that it stands in the host's exception, too.
static _Thread_local char last[1024];

const char *last_finding(void) { return last; }

static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(last, sizeof last, format, arguments);
  va_end(arguments);
  if (!getenv("CUDA_EMULATOR_QUIET")) fprintf(stderr, "cuda-emulator: %s\n", last);
}

// The text of a line of PTX, without the blanks around it.
static void copy_line(const char *text, uint32_t line, char *copy, size_t size) {
  for (uint32_t n = 1; n < line && text; n++) text = (text = strchr(text, '\n')) ? text + 1 : NULL;
  text = text ? text + strspn(text, " \t") : "";
  size_t length = strcspn(text, "\r\n");
  snprintf(copy, size, "%.*s", (int)length, text);
  // ILGPU puts a tabulator between a mnemonic and its operands.
  for (char *c = copy; *c; c++)
    if (*c == '\t') *c = ' ';
}

void tell_lane(const Group *g, const Instruction *in, uint32_t lane, const char *format, ...) {
  char what[300], line[200];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  copy_line(g->module->text, in->line, line, sizeof line);
  const uint32_t *index = g->index, *size = g->size;
  tell("%s: %s; group (%u, %u, %u), item (%u, %u, %u), PTX line %u: %s", g->kernel->name, what, index[0], index[1], index[2],
       lane % size[0], lane / size[0] % size[1], lane / size[0] / size[1], in->line, line);
}

void tell_host(const char *format, ...) {
  char what[1000];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  tell("%s", what);
}

// Where an address lies: "4 bytes behind the end of global memory of 260 bytes".
static void describe_place(const Group *g, bool is_shared, uint64_t address, char *text, size_t size) {
  Allocation near = is_shared ? (Allocation){0, 0} : memory_nearest(address);
  const char *name = "";
  for (uint32_t n = 0; is_shared && n < g->kernel->shared_count; n++) {
    const Variable *variable = &g->kernel->shared[n];
    if (n > 0 && address < variable->address - SHARED_GAP / 2) break;
    near = (Allocation){variable->address, variable->size};
    name = variable->name;
  }
  uint64_t end = near.address + near.size;
  const char *blank = *name ? " " : "";
  if (near.size == 0) {
    snprintf(text, size, "where no memory is");
  } else if (address < near.address) {
    snprintf(text, size, "%" PRIu64 " bytes before %s%s of %" PRIu64 " bytes", near.address - address, name,
             *name ? "" : "an allocation", near.size);
  } else if (address < end) {
    snprintf(text, size, "at byte %" PRIu64 " of %s%s%s%" PRIu64 " bytes", address - near.address, name, blank,
             *name ? "of " : "an allocation of ", near.size);
  } else {
    snprintf(text, size, "%" PRIu64 " bytes behind the end of %s%s of %" PRIu64 " bytes", address - end, name,
             *name ? "" : "an allocation", near.size);
  }
}

void tell_access(const Group *g, const Instruction *in, uint32_t lane, Fault fault, uint64_t address, uint32_t size) {
  static const char *const faults[] = {
      [OUT_OF_BOUNDS] = "out of bounds", [MISALIGNED] = "misaligned", [UNINITIALISED] = "uninitialised",
      [RACE_WITH_WRITE] = "data race", [RACE_WITH_READ] = "data race",
  };
  static const char *const reasons[] = {
      [OUT_OF_BOUNDS] = "", [MISALIGNED] = ", which is no multiple of its size",
      [UNINITIALISED] = ", of which some nobody has written",
      [RACE_WITH_WRITE] = ", written by another item with no barrier between",
      [RACE_WITH_READ] = ", read by another item with no barrier between",
  };
  char place[250];
  describe_place(g, in->is_shared, address, place, sizeof place);
  tell_lane(g, in, lane, "%s: %s of %u bytes of %s memory at 0x%" PRIx64 ", %s%s", faults[fault],
            in->kind == STORE ? "write" : "read", size, in->is_shared ? "shared" : "global", address, place, reasons[fault]);
}
