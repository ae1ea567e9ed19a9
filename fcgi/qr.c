/* qr.c - see qr.h. */
#include "qr.h"

#include "arena.h"
#include "log.h"

#include <qrencode.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MOST = 2000, RUN_MOST = sizeof "M255 255h255v1h-255z" };

/* The length of the dark run that begins here; 0: it is light. */
static unsigned run(const unsigned char *row, unsigned from, unsigned width)
{
    unsigned n = 0;
    while (from + n < width && row[from + n] & 1) n++;
    return n;
}

struct qr qr_code(struct arena *a, const char *text)
{
    if (strlen(text) > TEXT_MOST) log_bug("a QR code of %zu octets", strlen(text));
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code) return (struct qr){0};
    unsigned width = (unsigned)code->width;
    size_t most = (size_t)width * (width / 2 + 1) * RUN_MOST + 1, n = 0;
    char *path = arena_alloc(a, most);
    for (unsigned y = 0; y < width; y++) {
        const unsigned char *row = code->data + (size_t)y * width;
        for (unsigned x = 0, length; x < width; x += length ? length : 1) {
            length = run(row, x, width);
            if (length) n += (size_t)snprintf(path + n, most - n, "M%u %uh%uv1h-%uz", x + QR_QUIET, y + QR_QUIET, length, length);
        }
    }
    QRcode_free(code);
    return (struct qr){path, width + 2 * QR_QUIET};
}
