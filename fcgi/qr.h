/* qr.h - a text as a QR code (ISO/IEC 18004), drawn by libqrencode, for a camera to read from a screen or from paper. */
#ifndef FCGI_QR_H
#define FCGI_QR_H

#include "types.h"

struct arena;

/* What a scanner needs to be clear around the code, in modules. */
enum { QR_QUIET = 4 };

/* `path`: the dark modules as an SVG path, one unit a module, the quiet zone around it; `width`: with the quiet zone on both sides. */
struct qr {
    const char *path;
    unsigned width;
};

/* Correction level M: a fold or a stain may cost 15 % of it. The text is at most 2,000 octets; path NULL: out of memory. */
struct qr qr_code(struct arena *a, const char *text);

#endif
