/* image.h - whether octets are a picture that we show to people: PNG, JPEG or WebP by their content, never by a name or a type. Pure.
 *
 * The structure is walked from the first octet to the last, so nothing can be hung behind the picture; a moving one is refused, and so is
 * one that would unpack to more than a page needs.
 */
#ifndef FCGI_IMAGE_H
#define FCGI_IMAGE_H

#include "types.h"

enum { IMAGE_SIDE_MOST = 2000 };

enum image_type { IMAGE_NONE, IMAGE_PNG, IMAGE_JPEG, IMAGE_WEBP };

struct image {
    enum image_type type; /* NONE: not one of them, or damaged */
    unsigned width, height;
};

struct image image_look(struct bytes octets);

#endif
