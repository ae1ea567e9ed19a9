/* settings_rules.c - see settings_rules.h. */
#include "settings_rules.h"

#include "arena.h"
#include "colour.h"
#include "out.h"

#include <string.h>

static const struct colour white = {0xff, 0xff, 0xff}, page = {0xf6, 0xf7, 0xf9}; /* style.css: --surface, --bg */

const char *settings_colour_error(const struct out *o, const char *colour)
{
    struct colour c;
    if (!*colour) return NULL;
    if (!colour_parse(colour, &c)) return N_("Enter a colour as # and six hexadecimal digits, like #0a58a6");
    unsigned behind = colour_contrast(c, white), as = colour_contrast(c, page);
    if (behind < COLOUR_CONTRAST_LEAST)
        return arena_printf(o->arena, out_tr(o, "Choose a darker colour: the contrast of white text on it is %u.%02u:1, and at least 4.5:1 is needed"), behind / 100, behind % 100);
    if (as < COLOUR_CONTRAST_LEAST)
        return arena_printf(o->arena, out_tr(o, "Choose a darker colour: as text on the page its contrast is %u.%02u:1, and at least 4.5:1 is needed"), as / 100, as % 100);
    return NULL;
}

bool settings_address_fits(enum address_policy policy, const char *invited, const char *mine)
{
    if (!invited || !mine) return false;
    if (policy == POLICY_ANY || strcmp(invited, mine) == 0) return true;
    const char *domain = strrchr(invited, '@'), *own = strrchr(mine, '@');
    return policy == POLICY_DOMAIN && domain && own && strcmp(domain, own) == 0;
}
