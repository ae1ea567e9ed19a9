/* password.c - see password.h. */
#include "password.h"

#include "arena.h"
#include "log.h"
#include "types.h"
#include "utf8.h"

#include <errno.h>
#include <passwdqc.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char harder[] = N_("Enter a password that is harder to guess: not from common words, names or this address");

static size_t memory_of(const struct config *config)
{
    return (size_t)config->password_memory_mib << 20;
}

/* What the most used passwords are made of (ASVS 6.2.4); libpasswdqc's own words have at most six letters. Twice each, here and
 * for a person's own words, so that writing it twice does not help. */
static const char common[] = "passwordpassword passwortpasswort letmeinletmein welcomewelcome iloveyouiloveyou administratoradministrator "
                             "adminadminadmin changemechangeme defaultdefault "
                             "invitedinvited sunshinesunshine princessprincess footballfootball "
                             "baseballbaseball supermansuperman computercomputer internetinternet startrekstartrek whateverwhatever";

/* libpasswdqc discounts dictionary words, sequences and what is like `name` or common, then looks whether enough is left.
 * The same least length for every mixture of characters: no composition rules (ASVS 6.2.5). */
static bool guessable(const char *password, const char *like)
{
    passwdqc_params_t params;
    passwdqc_params_reset(&params);
    for (unsigned i = 0; i < 5; i++) params.qc.min[i] = 10;
    params.qc.max = PASSWORD_MOST;
    params.qc.passphrase_words = 3;
    struct passwd pw = {.pw_name = (char *)(uintptr_t)like, .pw_gecos = (char *)(uintptr_t)common, .pw_dir = (char *)(uintptr_t)""};
    return passwdqc_check(&params.qc, password, NULL, &pw) != NULL;
}

const char *password_weakness(struct arena *a, const char *password, const char *const *words)
{
    if (utf8_length(password) < PASSWORD_LEAST) return N_("Enter a password of at least 12 characters");
    if (strlen(password) > PASSWORD_MOST) return N_("Enter a password of at most 1,024 bytes");
    for (; words && *words; words++)
        if (strlen(*words) >= 4 && guessable(password, arena_printf(a, "%s%s", *words, *words))) return harder;
    return guessable(password, "") ? harder : NULL;
}

const char *password_hash(struct arena *a, const struct config *config, const char *password)
{
    char *text = arena_alloc(a, crypto_pwhash_STRBYTES);
    int rc = crypto_pwhash_str_alg(text, password, strlen(password), config->password_passes, memory_of(config), crypto_pwhash_ALG_ARGON2ID13);
    if (rc != 0) {
        log_error("not enough memory to hash a password: %s", strerror(errno));
        return NULL;
    }
    return text;
}

/* The parts of what password_hash made. */
struct stored {
    unsigned passes, kib;
    uint8_t salt[crypto_pwhash_SALTBYTES], hash[32];
};

static bool base64_read(const char *text, uint8_t *to, size_t size)
{
    size_t n = 0;
    return sodium_base642bin(to, size, text, strlen(text), NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING) == 0 && n == size;
}

static bool stored_read(const char *text, struct stored *s)
{
    char salt[23] = "", hash[44] = "";
    int end = 0;
    static const char form[] = "$argon2id$v=19$m=%9u,t=%9u,p=1$%22[A-Za-z0-9+/]$%43[A-Za-z0-9+/]%n";
    if (sscanf(text, form, &s->kib, &s->passes, salt, hash, &end) != 4 || text[end]) return false;
    return s->kib >= crypto_pwhash_MEMLIMIT_MIN >> 10 && s->passes >= crypto_pwhash_OPSLIMIT_MIN &&
           base64_read(salt, s->salt, sizeof s->salt) && base64_read(hash, s->hash, sizeof s->hash);
}

/* Not crypto_pwhash_str_verify: in libsodium 1.0.18 it says the same, EINVAL, of a wrong password and of no memory. */
enum password_result password_check(const struct config *config, const char *stored, const char *password)
{
    struct stored s;
    bool known = stored && strlen(password) <= PASSWORD_MOST && stored_read(stored, &s);
    if (!known) s = (struct stored){.passes = config->password_passes, .kib = config->password_memory_mib << 10};
    const char *text = known ? password : "x";
    uint8_t out[sizeof s.hash];
    size_t memory = (size_t)s.kib << 10;
    int rc = crypto_pwhash(out, sizeof out, text, strlen(text), s.salt, s.passes, memory, crypto_pwhash_ALG_ARGON2ID13);
    if (rc != 0) return PASSWORD_BUSY;
    bool same = sodium_memcmp(out, s.hash, sizeof out) == 0;
    sodium_memzero(out, sizeof out);
    return known && same ? PASSWORD_RIGHT : PASSWORD_WRONG;
}

bool password_outdated(const struct config *config, const char *stored)
{
    return crypto_pwhash_str_needs_rehash(stored, config->password_passes, memory_of(config)) != 0;
}
