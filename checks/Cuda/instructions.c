// The instructions that compute: what each does to the values of one lane. Nothing is contracted: mul and add round each for
// themselves, and fma.rn rounds once. Division and roots are IEEE's. Approximations are refused, because no two devices agree on
// them.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "group.h"

// A loop over all lanes is one for the compiler's vectors, if the number of lanes is plainly no part of what it writes; only
// where some lanes wait elsewhere it asks each.
#define EACH_LANE(STATEMENTS)                                                      \
  const uint32_t lanes = g->lanes, stride = g->stride;                             \
  if (g->is_full) {                                                                \
    _Pragma("GCC ivdep") for (uint32_t n = 0; n < stride; n++) { STATEMENTS }      \
  } else {                                                                         \
    for (uint32_t n = 0; n < lanes; n++)                                           \
      if (g->active[n]) { STATEMENTS }                                             \
  }

#define DEFINE(TEXT, NAME, OPERANDS, D, A, B, C, EXPRESSION)                                   \
  static void NAME(Group *g, const Instruction *in) {                                          \
    D *d = row_of(g, in->operands[0]);                                                         \
    const A *a = row_of(g, in->operands[1]);                                                   \
    const B *b = row_of(g, in->operands[2]);                                                   \
    const C *c = row_of(g, in->operands[3]);                                                   \
    EACH_LANE(A x = a[n]; B y = b[n]; C z = c[n]; (void)y; (void)z; d[n] = (D)(EXPRESSION);)   \
  }

#define ENTRY(TEXT, NAME, OPERANDS, D, A, B, C, EXPRESSION) {TEXT, OPERANDS, NAME},

// Division by zero has no defined result on the device, and must not end this process.
#define QUOTIENT(T, x, y) ((y) == 0 ? (T)-1 : (T)-1 < 0 && (y) == (T)-1 ? (T)(0 - (x)) : (x) / (y))
#define REMAINDER(T, x, y) ((y) == 0 ? (x) : (T)-1 < 0 && (y) == (T)-1 ? 0 : (x) % (y))
#define SMALLER(x, y) ((x) < (y) ? (x) : (y))
#define LARGER(x, y) ((x) > (y) ? (x) : (y))

// Of a number and a NaN the number, and of zeros the negative is the smaller: IEEE's minimumNumber.
static inline float smaller_float(float x, float y) {
  return isnan(x) ? y : isnan(y) ? x : x == y ? (signbit(x) ? x : y) : SMALLER(x, y);
}
static inline float larger_float(float x, float y) {
  return isnan(x) ? y : isnan(y) ? x : x == y ? (signbit(x) ? y : x) : LARGER(x, y);
}

static inline uint32_t reversed(uint32_t x) {
  x = (x >> 1 & 0x55555555) | (x & 0x55555555) << 1;
  x = (x >> 2 & 0x33333333) | (x & 0x33333333) << 2;
  x = (x >> 4 & 0x0f0f0f0f) | (x & 0x0f0f0f0f) << 4;
  return __builtin_bswap32(x);
}

// Integers of 4 or 8 bytes: type, C's type, C's type without sign, bits, operands by their width.
#define INTEGER(X, T, S, U, WIDTH, W)                                                                \
  X("add." #T, add_##T, W W W, U, U, U, U, x + y)                                                    \
  X("sub." #T, sub_##T, W W W, U, U, U, U, x - y)                                                    \
  X("mul.lo." #T, mul_lo_##T, W W W, U, U, U, U, x * y)                                              \
  X("mad.lo." #T, mad_lo_##T, W W W W, U, U, U, U, x * y + z)                                        \
  X("div." #T, div_##T, W W W, S, S, S, S, QUOTIENT(S, x, y))                                        \
  X("rem." #T, rem_##T, W W W, S, S, S, S, REMAINDER(S, x, y))                                       \
  X("min." #T, min_##T, W W W, S, S, S, S, SMALLER(x, y))                                            \
  X("max." #T, max_##T, W W W, S, S, S, S, LARGER(x, y))                                             \
  X("shr." #T, shr_##T, W W "4", S, S, uint32_t, S, y < WIDTH ? x >> y : x < 0 ? -1 : 0)              \
  X("setp.eq." #T, eq_##T, "p" W W, uint32_t, S, S, S, x == y)                                       \
  X("setp.ne." #T, ne_##T, "p" W W, uint32_t, S, S, S, x != y)                                       \
  X("setp.lt." #T, lt_##T, "p" W W, uint32_t, S, S, S, x < y)                                        \
  X("setp.le." #T, le_##T, "p" W W, uint32_t, S, S, S, x <= y)                                       \
  X("setp.gt." #T, gt_##T, "p" W W, uint32_t, S, S, S, x > y)                                        \
  X("setp.ge." #T, ge_##T, "p" W W, uint32_t, S, S, S, x >= y)                                       \
  ROW(X, T, U, W)

#define UNSIGNED_NAMES(X, T, U, W)                                 \
  X("setp.lo." #T, lo_##T, "p" W W, uint32_t, U, U, U, x < y)      \
  X("setp.ls." #T, ls_##T, "p" W W, uint32_t, U, U, U, x <= y)     \
  X("setp.hi." #T, hi_##T, "p" W W, uint32_t, U, U, U, x > y)      \
  X("setp.hs." #T, hs_##T, "p" W W, uint32_t, U, U, U, x >= y)

#define SIGNED_ONLY(X, T, S, W)                                    \
  X("neg." #T, neg_##T, W W, S, S, S, S, 0 - x)                    \
  X("abs." #T, abs_##T, W W, S, S, S, S, x < 0 ? 0 - x : x)

// What moves a value without looking into it.
#define ROW(X, T, U, W)                                                        \
  X("mov." #T, mov_##T, W W, U, U, U, U, x)                                    \
  X("selp." #T, selp_##T, W W W "p", U, U, U, uint32_t, z ? x : y)

#define BITS(X, T, U, WIDTH, W)                                                \
  ROW(X, T, U, W)                                                              \
  X("and." #T, and_##T, W W W, U, U, U, U, x & y)                              \
  X("or." #T, or_##T, W W W, U, U, U, U, x | y)                                \
  X("xor." #T, xor_##T, W W W, U, U, U, U, x ^ y)                              \
  X("not." #T, not_##T, W W, U, U, U, U, ~x)                                   \
  X("shl." #T, shl_##T, W W "4", U, U, uint32_t, U, y < WIDTH ? x << y : 0)    \
  X("shr." #T, shr_##T, W W "4", U, U, uint32_t, U, y < WIDTH ? x >> y : 0)    \
  X("setp.eq." #T, eq_##T, "p" W W, uint32_t, U, U, U, x == y)                 \
  X("setp.ne." #T, ne_##T, "p" W W, uint32_t, U, U, U, x != y)

#define WIDE(X)                                                                                             \
  X("mul.wide.s32", mul_wide_s32, "844", int64_t, int32_t, int32_t, int32_t, (int64_t)x * y)                \
  X("mul.wide.u32", mul_wide_u32, "844", uint64_t, uint32_t, uint32_t, uint32_t, (uint64_t)x * y)           \
  X("mad.wide.s32", mad_wide_s32, "8448", int64_t, int32_t, int32_t, int64_t, (int64_t)x * y + z)           \
  X("mad.wide.u32", mad_wide_u32, "8448", uint64_t, uint32_t, uint32_t, uint64_t, (uint64_t)x * y + z)      \
  X("mul.hi.s32", mul_hi_s32, "444", int32_t, int32_t, int32_t, int32_t, (int64_t)x * y >> 32)              \
  X("mul.hi.u32", mul_hi_u32, "444", uint32_t, uint32_t, uint32_t, uint32_t, (uint64_t)x * y >> 32)         \
  X("mul.hi.s64", mul_hi_s64, "888", int64_t, int64_t, int64_t, int64_t, (__int128)x * y >> 64)             \
  X("mul.hi.u64", mul_hi_u64, "888", uint64_t, uint64_t, uint64_t, uint64_t, (unsigned __int128)x * y >> 64)

#define COUNTS(X)                                                                                                    \
  X("popc.b32", popc_b32, "44", uint32_t, uint32_t, uint32_t, uint32_t, __builtin_popcount(x))                       \
  X("popc.b64", popc_b64, "48", uint32_t, uint64_t, uint32_t, uint32_t, __builtin_popcountll(x))                     \
  X("clz.b32", clz_b32, "44", uint32_t, uint32_t, uint32_t, uint32_t, x ? __builtin_clz(x) : 32)                     \
  X("clz.b64", clz_b64, "48", uint32_t, uint64_t, uint32_t, uint32_t, x ? __builtin_clzll(x) : 64)                   \
  X("brev.b32", brev_b32, "44", uint32_t, uint32_t, uint32_t, uint32_t, reversed(x))

#define PREDICATES(X)                                                                            \
  X("mov.pred", mov_pred, "pp", uint32_t, uint32_t, uint32_t, uint32_t, x)                       \
  X("and.pred", and_pred, "ppp", uint32_t, uint32_t, uint32_t, uint32_t, x & y)                  \
  X("or.pred", or_pred, "ppp", uint32_t, uint32_t, uint32_t, uint32_t, x | y)                    \
  X("xor.pred", xor_pred, "ppp", uint32_t, uint32_t, uint32_t, uint32_t, x ^ y)                  \
  X("not.pred", not_pred, "pp", uint32_t, uint32_t, uint32_t, uint32_t, x ^ 1)

#define COMPARE(X, NAME, EXPRESSION) \
  X("setp." #NAME ".f32", NAME##_f32, "p44", uint32_t, float, float, float, EXPRESSION)

#define FLOATS(X)                                                                          \
  X("add.f32", add_f32, "444", float, float, float, float, x + y)                          \
  X("add.rn.f32", add_rn_f32, "444", float, float, float, float, x + y)                    \
  X("sub.f32", sub_f32, "444", float, float, float, float, x - y)                          \
  X("sub.rn.f32", sub_rn_f32, "444", float, float, float, float, x - y)                    \
  X("mul.f32", mul_f32, "444", float, float, float, float, x * y)                          \
  X("mul.rn.f32", mul_rn_f32, "444", float, float, float, float, x * y)                    \
  X("fma.rn.f32", fma_rn_f32, "4444", float, float, float, float, __builtin_fmaf(x, y, z)) \
  X("div.rn.f32", div_rn_f32, "444", float, float, float, float, x / y)                    \
  X("rcp.rn.f32", rcp_rn_f32, "44", float, float, float, float, 1 / x)                     \
  X("sqrt.rn.f32", sqrt_rn_f32, "44", float, float, float, float, sqrtf(x))                \
  X("neg.f32", neg_f32, "44", float, float, float, float, -x)                              \
  X("abs.f32", abs_f32, "44", float, float, float, float, fabsf(x))                        \
  X("min.f32", min_f32, "444", float, float, float, float, smaller_float(x, y))            \
  X("max.f32", max_f32, "444", float, float, float, float, larger_float(x, y))             \
  COMPARE(X, eq, x == y)                                                                   \
  COMPARE(X, ne, x < y || x > y)                                                           \
  COMPARE(X, lt, x < y)                                                                    \
  COMPARE(X, le, x <= y)                                                                   \
  COMPARE(X, gt, x > y)                                                                    \
  COMPARE(X, ge, x >= y)                                                                   \
  COMPARE(X, equ, !(x < y || x > y))                                                       \
  COMPARE(X, neu, !(x == y))                                                               \
  COMPARE(X, ltu, !(x >= y))                                                               \
  COMPARE(X, leu, !(x > y))                                                                \
  COMPARE(X, gtu, !(x <= y))                                                               \
  COMPARE(X, geu, !(x < y))                                                                \
  COMPARE(X, num, !isunordered(x, y))                                                      \
  COMPARE(X, nan, isunordered(x, y))

// Conversions between integers cut off or extend. Values of less than 4 bytes lie in rows of 4.
#define CONVERT(X, TO, TO_C, TO_ROW, TO_W, FROM, FROM_C, FROM_ROW, FROM_W) \
  X("cvt." #TO "." #FROM, cvt_##TO##_##FROM, TO_W FROM_W, TO_ROW, FROM_ROW, FROM_ROW, FROM_ROW, (TO_C)(FROM_C)x)

#define CONVERT_TO(X, TO, TO_C, TO_ROW, TO_W)                              \
  CONVERT(X, TO, TO_C, TO_ROW, TO_W, s8, int8_t, int32_t, "4")             \
  CONVERT(X, TO, TO_C, TO_ROW, TO_W, u8, uint8_t, uint32_t, "4")           \
  CONVERT(X, TO, TO_C, TO_ROW, TO_W, s16, int16_t, int32_t, "4")           \
  CONVERT(X, TO, TO_C, TO_ROW, TO_W, u16, uint16_t, uint32_t, "4")         \
  CONVERT(X, TO, TO_C, TO_ROW, TO_W, s32, int32_t, int32_t, "4")           \
  CONVERT(X, TO, TO_C, TO_ROW, TO_W, u32, uint32_t, uint32_t, "4")         \
  CONVERT(X, TO, TO_C, TO_ROW, TO_W, s64, int64_t, int64_t, "8")           \
  CONVERT(X, TO, TO_C, TO_ROW, TO_W, u64, uint64_t, uint64_t, "8")

// From a float to the nearest value of the type that there is, from NaN to zero.
#define SATURATED(T, LEAST, MOST, END, x) (isnan(x) ? 0 : (x) >= END ? MOST : (x) <= LEAST ? (T)LEAST : (T)(x))

#define TO_INTEGER(X, T, C, LEAST, MOST, END, W)                                                                            \
  X("cvt.rzi." #T ".f32", cvt_rzi_##T, W "4", C, float, float, float, SATURATED(C, LEAST, MOST, END, truncf(x)))            \
  X("cvt.rni." #T ".f32", cvt_rni_##T, W "4", C, float, float, float, SATURATED(C, LEAST, MOST, END, rintf(x)))             \
  X("cvt.rmi." #T ".f32", cvt_rmi_##T, W "4", C, float, float, float, SATURATED(C, LEAST, MOST, END, floorf(x)))            \
  X("cvt.rpi." #T ".f32", cvt_rpi_##T, W "4", C, float, float, float, SATURATED(C, LEAST, MOST, END, ceilf(x)))

#define FLOAT_CONVERSIONS(X)                                                                       \
  X("cvt.rn.f32.s32", cvt_f32_s32, "44", float, int32_t, int32_t, int32_t, x)                      \
  X("cvt.rn.f32.u32", cvt_f32_u32, "44", float, uint32_t, uint32_t, uint32_t, x)                   \
  X("cvt.rn.f32.u8", cvt_f32_u8, "44", float, uint32_t, uint32_t, uint32_t, (uint8_t)x)            \
  X("cvt.rn.f32.s64", cvt_f32_s64, "48", float, int64_t, int64_t, int64_t, x)                      \
  X("cvt.rn.f32.u64", cvt_f32_u64, "48", float, uint64_t, uint64_t, uint64_t, x)                   \
  X("cvt.rzi.f32.f32", cvt_rzi_f32, "44", float, float, float, float, truncf(x))                   \
  X("cvt.rni.f32.f32", cvt_rni_f32, "44", float, float, float, float, rintf(x))                    \
  X("cvt.rmi.f32.f32", cvt_rmi_f32, "44", float, float, float, float, floorf(x))                   \
  X("cvt.rpi.f32.f32", cvt_rpi_f32, "44", float, float, float, float, ceilf(x))                    \
  TO_INTEGER(X, s32, int32_t, INT32_MIN, INT32_MAX, 0x1p31f, "4")                                  \
  TO_INTEGER(X, u32, uint32_t, 0, UINT32_MAX, 0x1p32f, "4")                                        \
  TO_INTEGER(X, s64, int64_t, INT64_MIN, INT64_MAX, 0x1p63f, "8")                                  \
  TO_INTEGER(X, u64, uint64_t, 0, UINT64_MAX, 0x1p64f, "8")

// Shared memory has addresses that are no generic ones: only those of global memory are both.
#define ADDRESSES(X)                                                                                              \
  X("cvta.to.global.u64", cvta_to_global_u64, "88", uint64_t, uint64_t, uint64_t, uint64_t, x)                    \
  X("cvta.global.u64", cvta_global_u64, "88", uint64_t, uint64_t, uint64_t, uint64_t, x)

#define ALL(X)                                            \
  INTEGER(X, s32, int32_t, uint32_t, 32, "4")             \
  INTEGER(X, u32, uint32_t, uint32_t, 32, "4")            \
  INTEGER(X, s64, int64_t, uint64_t, 64, "8")             \
  INTEGER(X, u64, uint64_t, uint64_t, 64, "8")            \
  UNSIGNED_NAMES(X, u32, uint32_t, "4")                   \
  UNSIGNED_NAMES(X, u64, uint64_t, "8")                   \
  SIGNED_ONLY(X, s32, int32_t, "4")                       \
  SIGNED_ONLY(X, s64, int64_t, "8")                       \
  BITS(X, b32, uint32_t, 32, "4")                         \
  BITS(X, b64, uint64_t, 64, "8")                         \
  ROW(X, b16, uint32_t, "4")                              \
  ROW(X, f32, uint32_t, "4")                              \
  WIDE(X)                                                 \
  COUNTS(X)                                               \
  PREDICATES(X)                                           \
  FLOATS(X)                                               \
  CONVERT_TO(X, s8, int8_t, int32_t, "4")                 \
  CONVERT_TO(X, u8, uint8_t, uint32_t, "4")               \
  CONVERT_TO(X, s16, int16_t, int32_t, "4")               \
  CONVERT_TO(X, u16, uint16_t, uint32_t, "4")             \
  CONVERT_TO(X, s32, int32_t, int32_t, "4")               \
  CONVERT_TO(X, u32, uint32_t, uint32_t, "4")             \
  CONVERT_TO(X, s64, int64_t, int64_t, "8")               \
  CONVERT_TO(X, u64, uint64_t, uint64_t, "8")             \
  FLOAT_CONVERSIONS(X)                                    \
  ADDRESSES(X)

ALL(DEFINE)

static Mnemonic known[] = {ALL(ENTRY)};

static int by_text(const void *left, const void *right) {
  return strcmp(((const Mnemonic *)left)->mnemonic, ((const Mnemonic *)right)->mnemonic);
}

__attribute__((constructor)) static void sort(void) { qsort(known, sizeof known / sizeof *known, sizeof *known, by_text); }

const Mnemonic *mnemonic_find(const char *text) {
  const Mnemonic wanted = {text, NULL, NULL};
  return bsearch(&wanted, known, sizeof known / sizeof *known, sizeof *known, by_text);
}
