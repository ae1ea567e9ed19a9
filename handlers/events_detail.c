/* events_detail.c - what an event's line says besides its words. Some of it is kept in English and told in the page's language. */
#include "events.h"

#include "model.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* What can be changed of an invitation and of the settings, as change.c and settings.c write it down. */
static const char *const parts[] = {N_("type"), N_("number"), N_("role"), N_("message"), N_("name"), N_("colour"), N_("language"), N_("time zone"), N_("expiry"),
                                    N_("who may accept"), N_("reminders")};

/* "number, role" */
static const char *parts_told(const struct out *o, const char *detail)
{
    struct out to;
    out_init(&to, o->arena);
    for (const char *p = detail; *p;) {
        size_t n = strcspn(p, ",");
        const char *word = arena_text(o->arena, p, n);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
            if (strcmp(parts[i], word) == 0) word = out_tr(o, word);
        /* TRANSLATORS: between the words of a list. */
        const char *comma = to.n ? out_tr(o, ", ") : "";
        out_raw(&to, comma, strlen(comma));
        out_raw(&to, word, strlen(word));
        p += n;
        p += strspn(p, ", ");
    }
    return out_text_of(&to);
}

/* "admin to inviter" */
static const char *roles_told(const struct out *o, const char *detail)
{
    enum member_role before, after;
    const char *to = strstr(detail, " to ");
    if (!to || !member_role_from(arena_text(o->arena, detail, (size_t)(to - detail)), &before) || !member_role_from(to + 4, &after)) return detail;
    /* TRANSLATORS: a member's role before and after: "Admin to Inviter". */
    return arena_printf(o->arena, out_tr(o, "%s to %s"), role_word(o, before), role_word(o, after));
}

/* "2027-03-27", a day of UTC */
static const char *day_told(const struct out *o, const char *detail)
{
    struct tm day = {0};
    int n = 0;
    if (sscanf(detail, "%4d-%2d-%2d%n", &day.tm_year, &day.tm_mon, &day.tm_mday, &n) != 3 || detail[n]) return detail;
    day.tm_year -= 1900;
    day.tm_mon -= 1;
    struct out utc = *o;
    utc.zone = NULL;
    return when_date(&utc, (struct moment){(int64_t)timegm(&day) * 1000000});
}

const char *events_detail(const struct out *o, const char *event, const char *detail)
{
    if (strcmp(detail, "by the operator") == 0) return ""; /* which the line says where it says who did it */
    if (strcmp(event, "invitation_changed") == 0 || strcmp(event, "settings_changed") == 0) return parts_told(o, detail);
    if (strcmp(event, "member_role_changed") == 0) return roles_told(o, detail);
    if (strcmp(event, "relationship_paused") == 0) return day_told(o, detail);
    enum member_role role;
    if (strncmp(event, "member_", strlen("member_")) == 0 && member_role_from(arena_text(o->arena, detail, strcspn(detail, " ")), &role)) return role_word(o, role);
    return detail;
}

void events_told(const struct out *o, struct history_line_list *history)
{
    for (size_t i = 0; i < history->n; i++) {
        struct history_line *line = &history->v[i];
        line->detail = events_detail(o, line->event, line->detail);
        if (line->who) line->who = address_told(o, line->who);
    }
}
