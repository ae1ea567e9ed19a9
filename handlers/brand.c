/* brand.c - a vendor's picture and colour as a browser asks for them: for anybody, kept for ever, and telling nothing of a vendor.
 *
 * A picture's name is random and new with every picture. A colour's stylesheet is made of what its name says alone.
 */
#include "brand.h"

#include "colour.h"
#include "handlers.h"
#include "secret.h"
#include "settings_rules.h"
#include "static.h"
#include "static_style.h"

#include <string.h>

const char *brand_logo_type(enum logo_kind kind)
{
    switch (kind) {
    case LOGO_PNG: return "image/png";
    case LOGO_JPEG: return "image/jpeg";
    case LOGO_WEBP: return "image/webp";
    }
    return "";
}

enum db_result logo_show(struct request *q)
{
    struct id id;
    struct logo logo;
    if (!id_from_text(q->segment[0], &id)) return DB_NONE;
    TRY(settings_logo(q->db, id, &logo));
    q->response.type = brand_logo_type(logo.kind);
    q->response.immutable = true;
    out_raw(q->out, logo.image.p, logo.image.n);
    return DB_OK;
}

/* /brand/0a58a6.d70274b56824.css: the portal's stylesheet, whose hash it names, and then the colour. One file for both, because a page has four
 * requests. On a dark page the colour would not keep its contrast: there the portal's own stays. */
enum db_result brand_show(struct request *q)
{
    static const char suffix[] = "." STATIC_STYLE_HASH ".css";
    const char *name = q->segment[0];
    struct colour c;
    if (strlen(name) != 6 + sizeof suffix - 1 || strcmp(name + 6, suffix) != 0 || strspn(name, "0123456789abcdef") != 6) return DB_NONE;
    const char *colour = arena_printf(q->arena, "#%.6s", name);
    if (!colour_parse(colour, &c) || settings_colour_error(q->out, colour)) return DB_NONE;
    struct colour darker = colour_darker(c);
    q->response.type = "text/css; charset=utf-8";
    q->response.immutable = true;
    const char *own = arena_printf(q->arena, "@media screen and (prefers-color-scheme: light) {\n:root {\n--accent: %s;\n--accent-hover: #%02x%02x%02x;\n--focus: %s;\n}\n}\n",
                                   colour, darker.r, darker.g, darker.b, colour);
    out_raw(q->out, static_style, sizeof static_style - 1);
    out_raw(q->out, own, strlen(own));
    return DB_OK;
}
