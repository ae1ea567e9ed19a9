/* keygen.c - see keygen.h. A file is 32 octets as 64 hexadecimal digits and a line feed. */
#include "keygen.h"

#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_OCTETS = 32, KEY_LINE = 2 * KEY_OCTETS + 1 };

_Static_assert(crypto_box_SECRETKEYBYTES == KEY_OCTETS && crypto_box_PUBLICKEYBYTES == KEY_OCTETS, "one size of key");

static bool missing(const char *path)
{
    return access(path, F_OK) != 0 && errno == ENOENT;
}

/* Never overwrites: whoever made the file first wins. */
static bool key_write(const char *path, const uint8_t key[KEY_OCTETS], mode_t mode)
{
    char line[KEY_LINE + 1];
    sodium_bin2hex(line, sizeof line, key, KEY_OCTETS);
    line[KEY_LINE - 1] = '\n';
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, line, KEY_LINE) == KEY_LINE && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    if (!good) fprintf(stderr, "%s: %s\n", path, strerror(errno));
    if (fd >= 0) close(fd);
    if (fd >= 0 && !good) unlink(path);
    sodium_memzero(line, sizeof line);
    if (good) printf("%s: made\n", path);
    return good;
}

static bool secret_make(const char *path)
{
    if (!missing(path)) return true;
    uint8_t key[KEY_OCTETS];
    randombytes_buf(key, sizeof key);
    bool good = key_write(path, key, 0600);
    sodium_memzero(key, sizeof key);
    return good;
}

/* The public half can always be had from the secret one, not the other way round. */
static bool pair_make(const char *secret_path, const char *public_path)
{
    uint8_t secret[KEY_OCTETS], public[KEY_OCTETS];
    if (missing(secret_path) && !missing(public_path)) {
        fprintf(stderr, "%s is there without %s: mail sealed for it cannot be opened; put the secret back, or remove both\n",
                public_path, secret_path);
        return false;
    }
    bool good = true;
    if (missing(secret_path)) {
        crypto_box_keypair(public, secret);
        good = key_write(secret_path, secret, 0600) && key_write(public_path, public, 0644);
    } else if (missing(public_path)) {
        good = secret_read_key(secret_path, secret) && crypto_scalarmult_base(public, secret) == 0 && key_write(public_path, public, 0644);
    }
    sodium_memzero(secret, sizeof secret);
    return good;
}

int keygen_run(const struct config *config, int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        fprintf(stderr, "keygen takes no arguments\n");
        return 2;
    }
    return secret_make(config->secret_file) && pair_make(config->mail_secret_file, config->mail_public_file) ? 0 : 1;
}
