// What the parts of the parser share: tokens.c, instruction_parser.c and parser.c.
#pragma once
#include <setjmp.h>
#include <stddef.h>

#include "ptx.h"

typedef struct {
  char prefix[NAME_SIZE];
  uint32_t count;
  char class;  // as in Mnemonic
  int32_t row;
} Registers;

typedef struct {
  char name[NAME_SIZE];
  uint32_t target;
} Label;

typedef struct {
  const char *at;
  uint32_t line;
  char token[160];
  jmp_buf failed;
  char *problem;
  size_t problem_size;
  Kernel *kernel;
  Registers registers[16];
  uint32_t register_kinds;
  Label *labels, *jumps;  // a jump is a label that the instruction `target` goes to
  uint32_t label_count, jump_count;
  struct {
    char name[NAME_SIZE];
    uint32_t offset;
  } parameters[64];
} Parser;

// Ends reading: says what is wrong, and in which line.
_Noreturn void fail(Parser *parser, const char *format, ...) __attribute__((format(printf, 2, 3)));

// One more element at the end of an array of `count`.
void *grow(Parser *parser, void *array, uint32_t count, size_t size);

// Reads the next word, number or character, which is the token then; an empty one at the end.
const char *next(Parser *parser);

// Whether the token is this text; whether this character comes next.
bool is(const Parser *parser, const char *text);
bool follows(Parser *parser, char c);

// Reads a token that must be this one, or a number.
void expect(Parser *parser, const char *text);
uint32_t next_number(Parser *parser);
uint64_t number(Parser *parser, const char *text);

void copy_name(Parser *parser, char to[NAME_SIZE], const char *name);

// The bytes of a type's values; 0 for another word.
uint8_t width_of(const char *type);

// Reads an instruction, of which the first token is read already, and its semicolon.
void read_instruction(Parser *parser);
