// Kernels as they are executed. A group runs in lockstep: an instruction is executed for all of its items, which are called
// lanes here, before the next. A register is a row of values, one of 4 or 8 bytes for each lane; what an instruction reads is
// always such a row, because constants and special registers have one, too.
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct Group Group;
typedef struct Instruction Instruction;

typedef void Operation(Group *group, const Instruction *instruction);

typedef enum { COMPUTE, LOAD, STORE, LOAD_PARAMETER, BRANCH, BARRIER, RETURN } Kind;

enum { MOST_OPERANDS = 5, ADDRESS = 4, NO_GUARD = -1, NAME_SIZE = 160 };

struct Instruction {
  Kind kind;
  Operation *compute;
  // Rows: the result, then what is read. Loads and stores have up to four values, and the address at ADDRESS.
  int32_t operands[MOST_OPERANDS];
  int32_t guard;  // the row of the predicate; without one NO_GUARD
  bool is_guard_inverted;
  bool is_uniform;    // a branch that all lanes of a warp take together
  bool is_shared;     // shared memory; else global
  uint8_t width;      // bytes of a value that is loaded or stored
  uint8_t values;     // how many there are
  int64_t offset;     // added to the address, or that of a parameter
  uint32_t target;    // of a branch
  uint32_t meeting;   // where its items meet again: see flow.c
  uint32_t line;      // in the text
};

typedef struct {
  char name[NAME_SIZE];
  uint64_t address, size;
} Variable;

// A row whose lanes all have the same value.
typedef struct {
  int32_t row;
  uint8_t width;
  uint64_t bits;
} Constant;

typedef enum { TID, CTAID, NTID, NCTAID, SPECIAL_KINDS } Special;

typedef struct {
  char name[NAME_SIZE];
  Instruction *code;
  uint32_t length;
  int32_t rows;           // of 4 bytes for each lane; a register of 8 bytes takes two
  int32_t register_rows;  // those of registers; constants and special registers follow
  Constant *constants;
  uint32_t constant_count;
  int32_t special_rows[SPECIAL_KINDS][3];  // 0 where the kernel does not ask
  Variable shared[8];
  uint32_t shared_count;
  uint64_t shared_end;
  struct {
    uint32_t offset, size;
  } parameters[64];
  uint32_t parameter_count, parameter_bytes;
  uint32_t most_lanes[3];  // .maxntid; 0 where it is not said
} Kernel;

typedef struct {
  char *text;  // the PTX
  Kernel *kernels;
  uint32_t count;
} Module;

// Shared memory begins here, and its variables are so far apart. Nothing of a kernel's has an address near zero.
enum { SHARED_BASE = 1 << 20, SHARED_GAP = 4096 };

// Reads PTX. Null where it is none or has what is not executed here; `problem` then says what and where.
Module *module_read(const char *text, char *problem, size_t problem_size);
void module_free(Module *module);

// Sets where items meet again that part at a branch; false where there is no memory.
bool flow_find_meetings(Kernel *kernel);

// What is known of a mnemonic that computes: a character for each operand, '4' or '8' for its bytes, 'p' for a predicate.
typedef struct {
  const char *mnemonic;
  const char *operands;
  Operation *compute;
} Mnemonic;

const Mnemonic *mnemonic_find(const char *text);
