/* events.h - every event that the audit log may hold, in words. The first word of its name is its topic, by which the log is narrowed.
 *
 * A new event gets a line in events.c; tests/web/audit_test.py compares it with what the handlers write.
 */
#ifndef HANDLERS_EVENTS_H
#define HANDLERS_EVENTS_H

#include "types.h"

struct out;

/* What happened, as a msgid; the name itself for an event of a newer program. */
const char *events_words(const char *event);

/* What its line says besides, in the page's language; what people, names and mail servers said stays as it is. */
const char *events_detail(const struct out *o, const char *event, const char *detail);

/* The same for all lines of a history; who was erased is told as that. */
struct history_line_list;
void events_told(const struct out *o, struct history_line_list *history);

/* Who did it where no account did, as a msgid. */
const char *events_nobody(const char *event);

/* The topics of a vendor's log in the order of the filter, NULL-terminated, as a form's choices; and the words of each, a msgid. */
extern const char *const events_topics[];
const char *events_topic_words(const char *topic);

#endif
