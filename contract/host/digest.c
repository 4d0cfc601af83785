#include "contract/host/digest.h"

#include <stdbool.h>
#include <string.h>

enum { LANES = 25, ROUNDS = 24, STATE_BYTES = 200 };

static uint64_t
rotate64(uint64_t x, unsigned n)
{
    return n ? x << n | x >> (64 - n) : x;
}

static void
keccak_permute(uint64_t s[LANES])
{
    static const uint64_t constants[ROUNDS] = {
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
        0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
        0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
    /* Lanes in the order in which rho and pi walk them, and how far each is turned. */
    static const uint8_t walk[LANES - 1] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                            15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
    static const uint8_t turns[LANES - 1] = {1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                             27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t columns[5], row[5];
        for (int x = 0; x < 5; x++)
            columns[x] = s[x] ^ s[x + 5] ^ s[x + 10] ^ s[x + 15] ^ s[x + 20];
        for (int i = 0; i < LANES; i++)
            s[i] ^= columns[(i + 4) % 5] ^ rotate64(columns[(i + 1) % 5], 1);
        uint64_t carried = s[1];
        for (int i = 0; i < LANES - 1; i++) {
            uint64_t next = s[walk[i]];
            s[walk[i]] = rotate64(carried, turns[i]);
            carried = next;
        }
        for (int y = 0; y < LANES; y += 5) {
            memcpy(row, s + y, sizeof(row));
            for (int x = 0; x < 5; x++)
                s[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
        }
        s[0] ^= constants[round];
    }
}

static void
keccak_absorb(uint64_t s[LANES], const uint8_t *block, size_t rate)
{
    for (size_t i = 0; i < rate; i++)
        s[i / 8] ^= (uint64_t)block[i] << (i % 8 * 8);
    keccak_permute(s);
}

void
digest_keccak(struct str message, uint8_t *out, size_t out_bytes)
{
    uint64_t s[LANES] = {0};
    size_t rate = STATE_BYTES - 2 * out_bytes;
    while (message.n >= rate) {
        keccak_absorb(s, (const uint8_t *)message.p, rate);
        message = str_slice(message, rate, message.n);
    }
    uint8_t last[STATE_BYTES] = {0};
    if (message.n)
        memcpy(last, message.p, message.n);
    last[message.n] = 0x01;
    last[rate - 1] |= 0x80;
    keccak_absorb(s, last, rate);
    for (size_t i = 0; i < out_bytes; i++)
        out[i] = (uint8_t)(s[i / 8] >> (i % 8 * 8));
}

/* --- RIPEMD-160: two lines of five rounds over the same block -------------------------- */

static const uint8_t word_left[80] = {
    0,  1, 2,  3, 4,  5,  6, 7,  8, 9,  10, 11, 12, 13, 14, 15, 7,  4,  13, 1,
    10, 6, 15, 3, 12, 0,  9, 5,  2, 14, 11, 8,  3,  10, 14, 4,  9,  15, 8,  1,
    2,  7, 0,  6, 13, 11, 5, 12, 1, 9,  11, 10, 0,  8,  12, 4,  13, 3,  7,  15,
    14, 5, 6,  2, 4,  0,  5, 9,  7, 12, 2,  10, 14, 1,  3,  8,  11, 6,  15, 13};
static const uint8_t word_right[80] = {
    5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12, 6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8,
    12, 4, 9, 1, 2, 15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13, 8, 6, 4, 1, 3, 11, 15,
    0, 5, 12, 2, 13, 9, 7, 10, 14, 12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11};
static const uint8_t turn_left[80] = {
    11, 14, 15, 12, 5,  8,  7,  9,  11, 13, 14, 15, 6,  7,  9,  8,  7,  6,  8,  13,
    11, 9,  7,  15, 7,  12, 15, 9,  11, 7,  13, 12, 11, 13, 6,  7,  14, 9,  13, 15,
    14, 8,  13, 6,  5,  12, 7,  5,  11, 12, 14, 15, 14, 15, 9,  8,  9,  14, 5,  6,
    8,  6,  5,  12, 9,  15, 5,  11, 6,  8,  13, 12, 5,  12, 13, 14, 11, 8,  5,  6};
static const uint8_t turn_right[80] = {
    8,  9,  9,  11, 13, 15, 15, 5,  7,  7,  8,  11, 14, 14, 12, 6,  9,  13, 15, 7,
    12, 8,  9,  11, 7,  7,  12, 7,  6,  15, 13, 11, 9,  7,  15, 11, 8,  6,  6,  14,
    12, 13, 5,  14, 13, 13, 7,  5,  15, 5,  8,  11, 14, 14, 6,  14, 6,  9,  12, 9,
    12, 5,  15, 8,  8,  5,  12, 9,  12, 5,  14, 6,  8,  13, 6,  5,  15, 13, 11, 11};
static const uint32_t add_left[5] = {0, 0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xA953FD4E};
static const uint32_t add_right[5] = {0x50A28BE6, 0x5C4DD124, 0x6D703EF3, 0x7A6D76E9, 0};

static uint32_t
rotate32(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static uint32_t
mix(int round, uint32_t x, uint32_t y, uint32_t z)
{
    switch (round) {
    case 0: return x ^ y ^ z;
    case 1: return (x & y) | (~x & z);
    case 2: return (x | ~y) ^ z;
    case 3: return (x & z) | (y & ~z);
    }
    return x ^ (y | ~z);
}

static void
ripemd_line(const uint32_t state[5], const uint32_t words[16], bool is_right, uint32_t out[5])
{
    const uint8_t *word = is_right ? word_right : word_left;
    const uint8_t *turn = is_right ? turn_right : turn_left;
    const uint32_t *add = is_right ? add_right : add_left;
    memcpy(out, state, 5 * sizeof(*out));
    for (int i = 0; i < 80; i++) {
        int round = i / 16;
        uint32_t f = mix(is_right ? 4 - round : round, out[1], out[2], out[3]);
        uint32_t t = rotate32(out[0] + f + words[word[i]] + add[round], turn[i]) + out[4];
        out[0] = out[4];
        out[4] = out[3];
        out[3] = rotate32(out[2], 10);
        out[2] = out[1];
        out[1] = t;
    }
}

static void
ripemd_block(uint32_t state[5], const uint8_t block[64])
{
    uint32_t words[16], left[5], right[5], next[5];
    for (size_t i = 0; i < 16; i++)
        words[i] = (uint32_t)block[i * 4] | (uint32_t)block[i * 4 + 1] << 8 |
                   (uint32_t)block[i * 4 + 2] << 16 | (uint32_t)block[i * 4 + 3] << 24;
    ripemd_line(state, words, false, left);
    ripemd_line(state, words, true, right);
    for (size_t i = 0; i < 5; i++)
        next[i] = state[(i + 1) % 5] + left[(i + 2) % 5] + right[(i + 3) % 5];
    memcpy(state, next, sizeof(next));
}

void
digest_ripemd160(struct str message, uint8_t out[DIGEST_RIPEMD160_BYTES])
{
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint64_t bits = (uint64_t)message.n * 8;
    while (message.n >= 64) {
        ripemd_block(state, (const uint8_t *)message.p);
        message = str_slice(message, 64, message.n);
    }
    uint8_t last[128] = {0};
    if (message.n)
        memcpy(last, message.p, message.n);
    last[message.n] = 0x80;
    size_t length = message.n < 56 ? 64 : 128;
    for (size_t i = 0; i < 8; i++)
        last[length - 8 + i] = (uint8_t)(bits >> (i * 8));
    for (size_t i = 0; i < length; i += 64)
        ripemd_block(state, last + i);
    for (size_t i = 0; i < DIGEST_RIPEMD160_BYTES; i++)
        out[i] = (uint8_t)(state[i / 4] >> (i % 4 * 8));
}
