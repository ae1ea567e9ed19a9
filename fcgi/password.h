/* password.h - Argon2id through libsodium, and which passwords are too easy to guess.
 *
 * Only the auth pool calls password_hash and password_good: one call costs about 0.1 s of a core.
 */
#ifndef FCGI_PASSWORD_H
#define FCGI_PASSWORD_H

#include "config.h"

#include <stdbool.h>

enum { PASSWORD_LEAST = 12, PASSWORD_MOST = 1024 }; /* code points; octets (ASVS 5.0 6.2.1, 6.2.9) */

struct arena;

/* NULL when the password will do; otherwise a sentence (msgid). `words`: NULL-terminated, what an attacker tries first for
 * this person: names, address, vendor (ASVS 6.2.11). */
const char *password_weakness(struct arena *a, const char *password, const char *const *words);

/* The text to store, or NULL when there was not enough memory (answer 503, not "wrong"). */
const char *password_hash(struct arena *a, const struct config *config, const char *password);

enum password_result { PASSWORD_WRONG, PASSWORD_RIGHT, PASSWORD_BUSY };

/* Compare. `stored` NULL (no such account, or none set): as much work, then PASSWORD_WRONG (ASVS 6.3.8). */
enum password_result password_check(const struct config *config, const char *stored, const char *password);

/* Whether `stored` was made with weaker parameters than the configuration's. */
bool password_outdated(const struct config *config, const char *stored);

#endif
