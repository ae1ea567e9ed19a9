/* image.c - see image.h. PNG: ISO/IEC 15948. JPEG: ITU T.81. WebP: RFC 9649. */
#include "image.h"

#include <string.h>

/* What is left to read. A read beyond the end gives 0 and is remembered. */
struct reader {
    const uint8_t *p;
    size_t n;
    bool beyond;
};

static const uint8_t *take(struct reader *r, size_t n)
{
    static const uint8_t nothing[16];
    if (n > r->n || r->beyond) {
        r->beyond = true;
        return nothing;
    }
    const uint8_t *p = r->p;
    r->p += n;
    r->n -= n;
    return p;
}

static unsigned big16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static uint32_t big32(const uint8_t *p)
{
    return (uint32_t)big16(p) << 16 | big16(p + 2);
}

static uint32_t little(const uint8_t *p, size_t n)
{
    uint32_t value = 0;
    for (size_t i = n; i-- > 0;) value = value << 8 | p[i];
    return value;
}

static struct image sized(enum image_type type, uint32_t width, uint32_t height)
{
    bool good = width > 0 && height > 0 && width <= IMAGE_SIDE_MOST && height <= IMAGE_SIDE_MOST;
    return good ? (struct image){type, width, height} : (struct image){0};
}

/* ---- PNG ---- */

static uint32_t crc32_of(const uint8_t *p, size_t n)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

/* Bit depths of each colour type, as a set. */
static bool png_header_good(const uint8_t *ihdr)
{
    static const unsigned depths[] = {[0] = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8 | 1 << 16, [2] = 1 << 8 | 1 << 16, [3] = 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8,
                                      [4] = 1 << 8 | 1 << 16, [6] = 1 << 8 | 1 << 16};
    unsigned depth = ihdr[8], colours = ihdr[9];
    return colours < sizeof depths / sizeof *depths && depth <= 16 && (depths[colours] >> depth & 1) && ihdr[10] == 0 && ihdr[11] == 0 && ihdr[12] <= 1;
}

static struct image png_look(struct reader r)
{
    struct image image = {0};
    bool data = false;
    for (unsigned n = 0;; n++) {
        uint32_t size = big32(take(&r, 4));
        const uint8_t *name = r.p;
        if (size > r.n || r.n - size < 8) return (struct image){0};
        const uint8_t *chunk = take(&r, (size_t)size + 4) + 4;
        if (crc32_of(name, (size_t)size + 4) != big32(take(&r, 4)) || r.beyond) return (struct image){0};
        bool header = memcmp(name, "IHDR", 4) == 0;
        if (header != (n == 0) || (header && (size != 13 || !png_header_good(chunk))) || memcmp(name, "acTL", 4) == 0) return (struct image){0};
        if (header) image = sized(IMAGE_PNG, big32(chunk), big32(chunk + 4));
        if (memcmp(name, "IDAT", 4) == 0) data = true;
        if (memcmp(name, "IEND", 4) == 0) return data && size == 0 && r.n == 0 ? image : (struct image){0};
    }
}

/* ---- JPEG ---- */

/* SOF0 to SOF15, without the three markers between them that are none. */
static bool jpeg_frame(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* Past the entropy-coded octets of a scan, to the marker behind them. */
static void jpeg_scan_skip(struct reader *r)
{
    while (r->n >= 2 && !(r->p[0] == 0xff && r->p[1] != 0 && (r->p[1] < 0xd0 || r->p[1] > 0xd7))) take(r, 1);
}

static struct image jpeg_look(struct reader r)
{
    struct image image = {0};
    bool scanned = false;
    while (!r.beyond) {
        if (*take(&r, 1) != 0xff) break;
        unsigned marker = *take(&r, 1);
        while (marker == 0xff) marker = *take(&r, 1); /* fill octets */
        if (marker == 0xd9) return scanned && r.n == 0 && !r.beyond ? image : (struct image){0};
        if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8)) break;
        unsigned size = big16(take(&r, 2));
        if (size < 2) break;
        const uint8_t *segment = r.p;
        take(&r, size - 2);
        if (r.beyond) break;
        if (jpeg_frame(marker)) {
            if (image.type || size < 11 || marker > 0xc2) break; /* baseline, extended, progressive: what browsers draw */
            image = sized(IMAGE_JPEG, big16(segment + 3), big16(segment + 1)); /* the height stands first */
            if (!image.type) break;
        }
        if (marker == 0xda) {
            if (!image.type) break;
            scanned = true;
            jpeg_scan_skip(&r);
        }
    }
    return (struct image){0};
}

/* ---- WebP ---- */

static struct image webp_frame(const uint8_t *name, const uint8_t *chunk, uint32_t size)
{
    if (memcmp(name, "VP8 ", 4) == 0 && size >= 10 && !(chunk[0] & 1) && memcmp(chunk + 3, "\x9d\x01\x2a", 3) == 0)
        return sized(IMAGE_WEBP, little(chunk + 6, 2) & 0x3fff, little(chunk + 8, 2) & 0x3fff);
    if (memcmp(name, "VP8L", 4) == 0 && size >= 5 && chunk[0] == 0x2f) {
        uint32_t bits = little(chunk + 1, 4);
        return bits >> 29 == 0 ? sized(IMAGE_WEBP, (bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1) : (struct image){0};
    }
    return (struct image){0};
}

static struct image webp_look(struct reader r)
{
    struct image image = {0};
    while (r.n && !r.beyond) {
        const uint8_t *name = take(&r, 4);
        uint32_t size = little(take(&r, 4), 4);
        if (r.beyond || size > r.n) return (struct image){0};
        const uint8_t *chunk = take(&r, (size_t)size);
        if (size % 2) take(&r, 1);
        if (memcmp(name, "ANIM", 4) == 0 || memcmp(name, "ANMF", 4) == 0) return (struct image){0};
        if (memcmp(name, "VP8 ", 4) == 0 || memcmp(name, "VP8L", 4) == 0) {
            if (image.type) return (struct image){0};
            image = webp_frame(name, chunk, size);
            if (!image.type) return (struct image){0};
        }
    }
    return r.beyond ? (struct image){0} : image;
}

struct image image_look(struct bytes octets)
{
    struct reader r = {octets.p, octets.n, false};
    if (r.n > 8 && memcmp(r.p, "\x89PNG\r\n\x1a\n", 8) == 0) return take(&r, 8), png_look(r);
    if (r.n > 2 && memcmp(r.p, "\xff\xd8", 2) == 0) return take(&r, 2), jpeg_look(r);
    if (r.n > 12 && memcmp(r.p, "RIFF", 4) == 0 && memcmp(r.p + 8, "WEBP", 4) == 0 && little(r.p + 4, 4) == r.n - 8) return take(&r, 12), webp_look(r);
    return (struct image){0};
}
