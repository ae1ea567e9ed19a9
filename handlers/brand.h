/* brand.h - a vendor's logo, as pages and mails show it. */
#ifndef HANDLERS_BRAND_H
#define HANDLERS_BRAND_H

#include "sql/settings.h"

/* The picture's media type. */
const char *brand_logo_type(enum logo_kind kind);

#endif
