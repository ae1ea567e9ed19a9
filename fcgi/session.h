/* session.h - cookies: who is signed in, and the visitor's token that CSRF is bound to before that.
 *
 * Cookie attributes by ASVS 5.0 3.3.1 to 3.3.5: `__Host-`, Secure, HttpOnly, SameSite=Lax. On a plain-http base URL, which
 * only a loopback host may have, the same without prefix and Secure.
 */
#ifndef FCGI_SESSION_H
#define FCGI_SESSION_H

#include "request.h"

/* Looks at the cookies: sets q->visitor (making a new visitor cookie when there is none), and q->session and q->signed_in
 * through app.session_load. DB_OK also for nobody. */
enum db_result session_load(struct request *q);

/* Whether a POST comes from a page of ours that this visitor was given (ASVS 5.0 3.5.1; security.md, 17). */
bool session_request_genuine(const struct request *q, const char *csrf);

/* The token for every form of this page. */
const char *session_csrf(struct request *q);

#endif
