/* revision.h - nobody overwrites what they have not seen: a form that changes something carries the revision at which it was drawn.
 *
 * The row counts its changes, and the UPDATE asks for the number again. DB_NONE there: a colleague was faster; return DB_RETRY, and the
 * handler decides again on what is true now. The page that says so shows what it is now, and the form with everything typed and the new
 * revision: who saves again has seen it.
 */
#ifndef HANDLERS_REVISION_H
#define HANDLERS_REVISION_H

#include "form.h"

/* What was sent without one is no form of ours: 400. */
#define REVISION_FIELD {.name = "revision", .kind = FIELD_NUMBER, .low = 0, .high = INT32_MAX, .missing = N_("Open this page again"), .wrong = N_("Open this page again")}

/* Whether the form asks for anything else than what is there: `now`, a form of the same fields. Pressed twice, the second asks for nothing. */
bool revision_differs(const struct form *form, const struct form *now);

/* ... and was drawn before what is there came to be. */
bool revision_stale(const struct form *form, const struct form *now, uint64_t revision);

#endif
