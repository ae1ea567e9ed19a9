/* secret.c - see secret.h. */
#include "secret.h"

#include "arena.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

enum { SEAL_TURNS = 10000 }; /* the longest address needs 500, on average; an address as people have them four */

static uint8_t (*purpose_keys)[32]; /* sodium_malloc'ed, by enum secret_purpose */

bool secret_read_key(const char *path, uint8_t key[32])
{
    char text[80] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (n < 0) {
        log_error("cannot read the key file %s: %s; `invited keygen` makes it", path, strerror(errno));
        return false;
    }
    size_t size = 0;
    const char *end = text;
    bool good = sodium_hex2bin(key, 32, text, (size_t)n, NULL, &size, &end) == 0 && size == 32 && (*end == '\n' || *end == 0);
    sodium_memzero(text, sizeof text);
    if (!good) log_error("the key file %s does not hold 64 hexadecimal digits", path);
    return good;
}

bool secret_load(const char *path)
{
    uint8_t key[32];
    if (!secret_read_key(path, key)) return false;
    if (!purpose_keys) purpose_keys = sodium_allocarray(SECRET_LIMIT + 1, 32);
    if (!purpose_keys) {
        log_error("no locked memory for the keys");
        return false;
    }
    sodium_mprotect_readwrite(purpose_keys);
    for (unsigned purpose = 1; purpose <= SECRET_LIMIT; purpose++)
        crypto_kdf_derive_from_key(purpose_keys[purpose], 32, purpose, "invited1", key);
    sodium_mprotect_readonly(purpose_keys);
    sodium_memzero(key, sizeof key);
    return true;
}

static char *base64url(struct arena *a, const uint8_t b[32])
{
    char *text = arena_alloc(a, SECRET_TEXT + 1);
    sodium_bin2base64(text, SECRET_TEXT + 1, b, 32, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text;
}

/* Whether a text stays one word in a mail. What follows a hyphen is another word there: programs end a link before one that comes last, and
 * filters take thirty letters and digits between two of them for a Bitcoin address. */
static bool one_word(const char *text)
{
    size_t n = strlen(text);
    return !strchr(text, '-') && text[n - 1] != '_';
}

const char *secret_new(struct arena *a)
{
    uint8_t b[32];
    randombytes_buf(b, sizeof b);
    char *text = base64url(a, b);
    sodium_memzero(b, sizeof b);
    return text;
}

const char *secret_new_link(struct arena *a)
{
    const char *text;
    do text = secret_new(a); /* twice, on average */
    while (!one_word(text));
    return text;
}

bool secret_well_formed(const char *text)
{
    return text && strlen(text) == SECRET_TEXT &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == SECRET_TEXT;
}

struct hash secret_hash(enum secret_purpose purpose, const char *text)
{
    struct hash h;
    crypto_generichash(h.b, sizeof h.b, (const unsigned char *)text, strlen(text), purpose_keys[purpose], 32);
    return h;
}

const char *secret_hash_text(struct arena *a, enum secret_purpose purpose, const char *text)
{
    return base64url(a, secret_hash(purpose, text).b);
}

/* The nonce is a keyed hash of the text (as in SIV): the same only for the same text and turn. */
static void nonce_make(struct arena *a, uint8_t nonce[crypto_secretbox_NONCEBYTES], enum secret_purpose purpose, unsigned turn, const char *text)
{
    struct hash h = secret_hash(purpose, arena_printf(a, "nonce %u %s", turn, text));
    memcpy(nonce, h.b, crypto_secretbox_NONCEBYTES);
}

const char *secret_seal(struct arena *a, enum secret_purpose purpose, const char *text)
{
    size_t n = strlen(text), size = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + n;
    uint8_t *box = arena_alloc(a, size);
    size_t room = sodium_base64_encoded_len(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *sealed = arena_alloc(a, room);
    for (unsigned turn = 0; turn == 0 || (!one_word(sealed) && turn < SEAL_TURNS); turn++) {
        nonce_make(a, box, purpose, turn, text);
        crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const uint8_t *)text, n, box, purpose_keys[purpose]);
        sodium_bin2base64(sealed, room, box, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    }
    return sealed;
}

const char *secret_open(struct arena *a, enum secret_purpose purpose, const char *sealed)
{
    size_t room = strlen(sealed), n = 0;
    uint8_t *box = arena_alloc(a, room + 1);
    const char *end;
    if (sodium_base642bin(box, room, sealed, room, NULL, &n, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 || *end) return NULL;
    if (n < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES) return NULL;
    size_t size = n - crypto_secretbox_NONCEBYTES;
    char *text = arena_alloc(a, size + 1);
    if (crypto_secretbox_open_easy((uint8_t *)text, box + crypto_secretbox_NONCEBYTES, size, box, purpose_keys[purpose]) != 0) return NULL;
    text[size - crypto_secretbox_MACBYTES] = 0;
    return text;
}

bool secret_equal(const char *a, const char *b)
{
    size_t n = strlen(a);
    return n == strlen(b) && sodium_memcmp(a, b, n) == 0;
}

struct id id_new(void)
{
    struct id id;
    randombytes_buf(id.b, sizeof id.b);
    return id;
}

const char *id_text(struct arena *a, struct id id)
{
    char *text = arena_alloc(a, 33);
    sodium_bin2hex(text, 33, id.b, sizeof id.b);
    return text;
}

bool id_from_text(const char *text, struct id *id)
{
    size_t n = 0;
    return text && strlen(text) == 32 && strspn(text, "0123456789abcdef") == 32 &&
           sodium_hex2bin(id->b, sizeof id->b, text, 32, NULL, &n, NULL) == 0;
}

bool id_equal(struct id a, struct id b)
{
    return memcmp(a.b, b.b, sizeof a.b) == 0;
}
