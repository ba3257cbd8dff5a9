/* csv/scan.c: see scan.h. After simdjson and simdcsv: turn each block into bit masks, one bit per
 * byte, and find with a few 64-bit operations what takes a byte-wise reader 64 steps. classify()
 * builds the masks; scan_blocks() uses the quotes to decide which separators count, and writes
 * their positions. */
#include "csv/scan.h"

#include <string.h>

#define BACKSLASH '\\'
#define AMPERSAND '&'
#define QUOTE     '"'

/* Bit masks of a block, by kind of byte. */
struct bits {
    uint64_t quote;
    uint64_t separator; /* delimiter, CR, LF; also inside quotes */
    uint64_t odd;       /* control characters (including CR and LF), `\`, and all bytes from 7F */
};

/* What a variant provides: the masks of a block, and the prefix parity (bit i: parity of bits 0 to
 * i). */
typedef struct bits classify_fn(const char *block, char delimiter);
typedef uint64_t parity_fn(uint64_t bits);

static inline __attribute__((always_inline)) uint64_t parity_by_shifts(uint64_t bits)
{
    for (int shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

/* Writes the positions of the set bits, and up to three meaningless entries after them. Four at a
 * time: most blocks have that many, and a mispredicted branch costs more than the writes. */
static inline __attribute__((always_inline)) size_t put_positions(uint64_t bits, uint32_t base,
                                                                  uint32_t *index)
{
    size_t count = (size_t)__builtin_popcountll(bits);
    for (size_t i = 0; i < count; i += 4) {
        for (size_t k = 0; k < 4; k++) {
            index[i + k] = base + (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
            bits &= bits - 1;
        }
    }
    return count;
}

/* The same when some bytes are special: each entry records whether its cell contains one. */
static size_t put_special(struct ov_scan *scan, uint64_t separators, uint64_t odd, uint64_t escaped,
                          uint32_t base, uint32_t *index)
{
    size_t count = 0;
    while (separators) {
        uint64_t before = (separators & -separators) - 1; /* the bytes before the next separator */
        uint32_t special = scan->pending | (odd & before ? OV_SCAN_ODD : 0) |
                           (escaped & before ? OV_SCAN_ESCAPED : 0);
        index[count++] = (base + (uint32_t)__builtin_ctzll(separators)) | special;
        scan->pending = 0;
        odd &= ~before;
        escaped &= ~before;
        separators &= separators - 1;
    }
    scan->pending |= (odd ? OV_SCAN_ODD : 0) | (escaped ? OV_SCAN_ESCAPED : 0);
    return count;
}

static inline __attribute__((always_inline)) size_t
scan_blocks(struct ov_scan *scan, const char *text, size_t blocks, char delimiter, uint32_t base,
            uint32_t *index, size_t *count, classify_fn *classify, parity_fn *parity)
{
    struct ov_scan now = *scan; /* kept in registers */
    uint32_t *out = index;
    for (size_t i = 0; i < blocks; i++) {
        struct bits bits = classify(text + i * OV_SCAN_BLOCK, delimiter);
        uint64_t separators = bits.separator, escaped = 0, wrong = 0;
        if (bits.quote | now.in_quotes | now.after_quote) {
            uint64_t inside = parity(bits.quote) ^ now.in_quotes; /* including the opening quotes */
            uint64_t behind_quote = bits.quote << 1 | now.after_quote;
            uint64_t opening = bits.quote & inside;
            separators &= ~inside;
            escaped = opening & behind_quote; /* closed and opened again */
            wrong = (opening & ~(separators << 1 | now.after_separator | behind_quote)) |
                    (behind_quote & ~inside & ~bits.quote & ~separators);
            now.in_quotes = 0 - (inside >> 63);
            now.after_quote = bits.quote >> 63;
            if (wrong) {
                uint64_t before = (wrong & -wrong) - 1;
                separators &= before;
                bits.odd &= before;
                escaped &= before;
            }
        }
        now.after_separator = separators >> 63;
        uint64_t odd = bits.odd & ~separators;
        uint32_t at = base + (uint32_t)(i * OV_SCAN_BLOCK);
        if (odd | escaped | now.pending)
            out += put_special(&now, separators, odd, escaped, at, out);
        else
            out += put_positions(separators, at, out);
        if (wrong) {
            *count = (size_t)(out - index);
            return i * OV_SCAN_BLOCK + (size_t)__builtin_ctzll(wrong);
        }
    }
    *scan = now;
    *count = (size_t)(out - index);
    return blocks * OV_SCAN_BLOCK;
}

/* Defines a variant; `target` enables its instructions in that function only. */
#define VARIANT(name, target, classify, parity)                                                    \
    target static size_t name(struct ov_scan *scan, const char *text, size_t blocks,               \
                              char delimiter, uint32_t base, uint32_t *index, size_t *count)       \
    {                                                                                              \
        return scan_blocks(scan, text, blocks, delimiter, base, index, count, classify, parity);   \
    }

/* Plain C: byte by byte, branch-free. */

static inline __attribute__((always_inline)) struct bits classify_plain(const char *block,
                                                                        char delimiter)
{
    struct bits bits = {0};
    for (unsigned i = 0; i < OV_SCAN_BLOCK; i++) {
        unsigned char c = (unsigned char)block[i];
        bits.quote |= (uint64_t)(c == QUOTE) << i;
        bits.separator |= (uint64_t)((c == (unsigned char)delimiter) | (c == '\n') | (c == '\r'))
                          << i;
        bits.odd |= (uint64_t)((c < ' ') | (c >= 0x7F) | (c == BACKSLASH) | (c == AMPERSAND)) << i;
    }
    return bits;
}

VARIANT(scan_plain, , classify_plain, parity_by_shifts)

static bool always(void)
{
    return true;
}

#if defined __x86_64__
#include <immintrin.h>

static bool has_sse2(void)
{
    return __builtin_cpu_supports("sse2");
}

static inline __attribute__((always_inline, target("sse2"))) struct bits
classify_sse2(const char *block, char delimiter)
{
    const __m128i quote = _mm_set1_epi8(QUOTE), comma = _mm_set1_epi8(delimiter),
                  lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r'), space = _mm_set1_epi8(' '),
                  del = _mm_set1_epi8(0x7F), backslash = _mm_set1_epi8(BACKSLASH),
                  ampersand = _mm_set1_epi8(AMPERSAND);
    struct bits bits = {0};
    for (int i = 0; i < 4; i++) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i));
        __m128i separator = _mm_or_si128(
            _mm_cmpeq_epi8(x, comma), _mm_or_si128(_mm_cmpeq_epi8(x, lf), _mm_cmpeq_epi8(x, cr)));
        /* signed comparison: bytes from 80 are also less than a space */
        __m128i odd = _mm_or_si128(
            _mm_cmpgt_epi8(space, x),
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(x, del), _mm_cmpeq_epi8(x, ampersand)),
                         _mm_cmpeq_epi8(x, backslash)));
        bits.quote |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, quote)) << 16 * i;
        bits.separator |= (uint64_t)(uint16_t)_mm_movemask_epi8(separator) << 16 * i;
        bits.odd |= (uint64_t)(uint16_t)_mm_movemask_epi8(odd) << 16 * i;
    }
    return bits;
}

VARIANT(scan_sse2, __attribute__((target("sse2"))), classify_sse2, parity_by_shifts)

#define AVX2 __attribute__((target("avx2,pclmul,bmi,popcnt")))

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
}

/* Carry-less multiplication by all ones. */
static inline __attribute__((always_inline, target("pclmul,sse2"))) uint64_t
parity_by_pclmul(uint64_t bits)
{
    __m128i product =
        _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)bits), _mm_set1_epi8((char)0xFF), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

static inline __attribute__((always_inline, target("avx2"))) struct bits
classify_avx2(const char *block, char delimiter)
{
    const __m256i quote = _mm256_set1_epi8(QUOTE), comma = _mm256_set1_epi8(delimiter),
                  lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r'),
                  space = _mm256_set1_epi8(' '), del = _mm256_set1_epi8(0x7F),
                  backslash = _mm256_set1_epi8(BACKSLASH), ampersand = _mm256_set1_epi8(AMPERSAND);
    struct bits bits = {0};
    for (int i = 0; i < 2; i++) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(block + 32 * i));
        __m256i separator =
            _mm256_or_si256(_mm256_cmpeq_epi8(x, comma),
                            _mm256_or_si256(_mm256_cmpeq_epi8(x, lf), _mm256_cmpeq_epi8(x, cr)));
        __m256i odd =
            _mm256_or_si256(_mm256_cmpgt_epi8(space, x),
                            _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(x, del),
                                                            _mm256_cmpeq_epi8(x, ampersand)),
                                            _mm256_cmpeq_epi8(x, backslash)));
        bits.quote |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(x, quote))
                      << 32 * i;
        bits.separator |= (uint64_t)(uint32_t)_mm256_movemask_epi8(separator) << 32 * i;
        bits.odd |= (uint64_t)(uint32_t)_mm256_movemask_epi8(odd) << 32 * i;
    }
    return bits;
}

VARIANT(scan_avx2, AVX2, classify_avx2, parity_by_pclmul)

#define AVX512 __attribute__((target("avx512f,avx512bw,pclmul,bmi,popcnt")))

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512bw") && has_avx2();
}

static inline __attribute__((always_inline, target("avx512f,avx512bw"))) struct bits
classify_avx512(const char *block, char delimiter)
{
    __m512i x = _mm512_loadu_si512(block);
    return (struct bits){
        .quote = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(QUOTE)),
        .separator = _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(delimiter)) |
                     _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('\n')) |
                     _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8('\r')),
        .odd = _mm512_cmplt_epi8_mask(x, _mm512_set1_epi8(' ')) |
               _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(0x7F)) |
               _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(BACKSLASH)) |
               _mm512_cmpeq_epi8_mask(x, _mm512_set1_epi8(AMPERSAND)),
    };
}

VARIANT(scan_avx512, AVX512, classify_avx512, parity_by_pclmul)

#elif defined __aarch64__
#include <arm_neon.h>

/* One bit for each byte that is all ones, of four 16-byte vectors. */
static inline uint64_t movemask(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d)
{
    static const uint8_t powers[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t bit = vld1q_u8(powers);
    uint8x16_t ab = vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit));
    uint8x16_t cd = vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit));
    uint8x16_t abcd = vpaddq_u8(ab, cd);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(abcd, abcd)), 0);
}

static inline struct bits classify_neon(const char *block, char delimiter)
{
    uint8x16_t quote[4], separator[4], odd[4];
    for (int i = 0; i < 4; i++) {
        uint8x16_t x = vld1q_u8((const uint8_t *)block + 16 * i);
        quote[i] = vceqq_u8(x, vdupq_n_u8(QUOTE));
        separator[i] =
            vorrq_u8(vceqq_u8(x, vdupq_n_u8((uint8_t)delimiter)),
                     vorrq_u8(vceqq_u8(x, vdupq_n_u8('\n')), vceqq_u8(x, vdupq_n_u8('\r'))));
        odd[i] = vorrq_u8(
            vcltq_u8(x, vdupq_n_u8(' ')),
            vorrq_u8(vcgeq_u8(x, vdupq_n_u8(0x7F)), vorrq_u8(vceqq_u8(x, vdupq_n_u8(BACKSLASH)),
                                                             vceqq_u8(x, vdupq_n_u8(AMPERSAND)))));
    }
    return (struct bits){.quote = movemask(quote[0], quote[1], quote[2], quote[3]),
                         .separator =
                             movemask(separator[0], separator[1], separator[2], separator[3]),
                         .odd = movemask(odd[0], odd[1], odd[2], odd[3])};
}

VARIANT(scan_neon, , classify_neon, parity_by_shifts)

#elif defined __wasm_simd128__
#include <wasm_simd128.h>

static inline struct bits classify_wasm(const char *block, char delimiter)
{
    const v128_t quote = wasm_i8x16_splat(QUOTE), comma = wasm_i8x16_splat(delimiter),
                 lf = wasm_i8x16_splat('\n'), cr = wasm_i8x16_splat('\r'),
                 space = wasm_i8x16_splat(' '), del = wasm_i8x16_splat(0x7F),
                 backslash = wasm_i8x16_splat(BACKSLASH), ampersand = wasm_i8x16_splat(AMPERSAND);
    struct bits bits = {0};
    for (int i = 0; i < 4; i++) {
        v128_t x = wasm_v128_load(block + 16 * i);
        v128_t separator = wasm_v128_or(wasm_i8x16_eq(x, comma),
                                        wasm_v128_or(wasm_i8x16_eq(x, lf), wasm_i8x16_eq(x, cr)));
        /* signed comparison: bytes from 80 are also less than a space */
        v128_t odd = wasm_v128_or(
            wasm_i8x16_lt(x, space),
            wasm_v128_or(wasm_v128_or(wasm_i8x16_eq(x, del), wasm_i8x16_eq(x, ampersand)),
                         wasm_i8x16_eq(x, backslash)));
        bits.quote |= (uint64_t)(uint16_t)wasm_i8x16_bitmask(wasm_i8x16_eq(x, quote)) << 16 * i;
        bits.separator |= (uint64_t)(uint16_t)wasm_i8x16_bitmask(separator) << 16 * i;
        bits.odd |= (uint64_t)(uint16_t)wasm_i8x16_bitmask(odd) << 16 * i;
    }
    return bits;
}

VARIANT(scan_wasm, , classify_wasm, parity_by_shifts)
#endif

/* Variants for other processors have no functions. */
#if defined __x86_64__
#define X86(scan, has) scan, has
#else
#define X86(scan, has) NULL, NULL
#endif
#if defined __aarch64__
#define ARM64(scan, has) scan, has
#else
#define ARM64(scan, has) NULL, NULL
#endif
#if defined __wasm_simd128__
#define WASM(scan, has) scan, has
#else
#define WASM(scan, has) NULL, NULL
#endif

/* Best first. */
static const struct variant {
    const char *name;
    ov_scan_fn *scan;
    bool (*is_supported)(void);
} variants[] = {
    {"avx512", X86(scan_avx512, has_avx512)},  {"avx2", X86(scan_avx2, has_avx2)},
    {"sse2", X86(scan_sse2, has_sse2)},        {"neon", ARM64(scan_neon, always)},
    {"wasm_simd128", WASM(scan_wasm, always)}, {"plain", scan_plain, always},
};

ov_scan_fn *ov_scan_variant(const char *name)
{
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
        if (variants[i].scan && variants[i].is_supported() &&
            (!name || strcmp(name, variants[i].name) == 0))
            return variants[i].scan;
    return NULL;
}

const char *ov_scan_name(size_t i)
{
    return i < sizeof variants / sizeof *variants ? variants[i].name : NULL;
}
