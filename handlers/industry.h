/* industry.h - the Industry panel: the form to invite and the list of invitations. */
#ifndef HANDLERS_INDUSTRY_H
#define HANDLERS_INDUSTRY_H

#include "model.h"
#include "request.h"

/* Draw the panel with this form; `panel` may already say what stands in the way of it. */
enum db_result industry_draw(struct request *q, const struct form *form, struct panel *panel) __attribute__((warn_unused_result));

#endif
