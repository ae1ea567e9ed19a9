/* config.c - see config.h. One table says everything about a key: name, kind, default, limits. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#ifndef INVITED_PREFIX
#define INVITED_PREFIX "/usr/local"
#endif

enum kind {
    KIND_TEXT,     /* one line, may be empty */
    KIND_NEEDED,   /* one line, not empty */
    KIND_BASE_URL, /* https, or http on a loopback host; no path */
    KIND_ADDRESS,  /* something@something, without blanks */
    KIND_SOCKET,   /* an absolute path, fd:NUMBER or fd:NAME */
    KIND_CHOICE,   /* one of the words in `choices` */
    KIND_NUMBER,
    KIND_BOOL,
};

struct key {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *otherwise; /* the default, as it would stand in the file */
    unsigned low, high;    /* NUMBER */
    const char *choices;   /* CHOICE: blank-separated */
};

#define TEXT(name, kind, otherwise) {#name, kind, offsetof(struct config, name), otherwise, 0, 0, NULL}
#define CHOICE(name, otherwise, choices) {#name, KIND_CHOICE, offsetof(struct config, name), otherwise, 0, 0, choices}
#define NUMBER(name, otherwise, low, high) {#name, KIND_NUMBER, offsetof(struct config, name), otherwise, low, high, NULL}
#define BOOL(name, otherwise) {#name, KIND_BOOL, offsetof(struct config, name), otherwise, 0, 0, NULL}

/* In the order of nginx/invited.conf.example. */
static const struct key keys[] = {
    TEXT(base_url, KIND_BASE_URL, "http://localhost:8080"),
    TEXT(portal_name, KIND_NEEDED, "Invited"),
    TEXT(support_email, KIND_ADDRESS, "support@localhost"),
    CHOICE(log_level, "info", "error warning info debug"),

    TEXT(web_socket, KIND_SOCKET, "/run/invited/web.sock"),
    TEXT(auth_socket, KIND_SOCKET, "/run/invited/auth.sock"),
    TEXT(long_socket, KIND_SOCKET, "/run/invited/long.sock"),
    NUMBER(web_workers, "4", 1, 96),
    NUMBER(auth_workers, "2", 1, 16),
    NUMBER(long_workers, "2", 1, 16),
    BOOL(mailer, "true"),
    NUMBER(request_seconds, "30", 2, 300),
    NUMBER(long_seconds, "300", 2, 3600),

    TEXT(status_file, KIND_TEXT, "/run/invited-serve/status"),
    TEXT(mailer_status_file, KIND_TEXT, "/run/invited-mailer/status"),

    TEXT(database_socket, KIND_TEXT, "/run/mysqld/mysqld.sock"),
    TEXT(database_host, KIND_TEXT, ""),
    TEXT(database_name, KIND_NEEDED, "invited"),
    TEXT(database_user, KIND_NEEDED, "invited"),
    TEXT(database_password_file, KIND_TEXT, ""),
    TEXT(database_tls_ca, KIND_TEXT, ""),

    TEXT(secret_file, KIND_NEEDED, "/etc/invited/secret"),
    TEXT(mail_public_file, KIND_NEEDED, "/etc/invited/mail.public"),
    TEXT(mail_secret_file, KIND_NEEDED, "/etc/invited/mail.secret"),

    TEXT(resource_folder, KIND_NEEDED, "/var/lib/invited/resources"),
    NUMBER(resource_max_mib, "20", 1, 2000),

    TEXT(mail_from, KIND_ADDRESS, "invites@localhost"),
    TEXT(bounce_address, KIND_TEXT, ""),
    TEXT(smtp_host, KIND_NEEDED, "127.0.0.1"),
    NUMBER(smtp_port, "25", 1, 65535),
    CHOICE(smtp_tls, "off", "off required"),
    TEXT(smtp_tls_ca, KIND_TEXT, ""),
    TEXT(smtp_user, KIND_TEXT, ""),
    TEXT(smtp_password_file, KIND_TEXT, ""),
    NUMBER(smtp_seconds, "30", 1, 600),
    NUMBER(mail_lease_seconds, "450", 1, 86400),
    NUMBER(mail_retry_seconds, "30", 1, 1800),

    NUMBER(password_memory_mib, "64", 19, 4096),
    NUMBER(password_passes, "2", 1, 100),

    NUMBER(idle_minutes, "30", 1, 1440),
    NUMBER(session_hours, "12", 1, 720),

    NUMBER(member_recipients_day, "200", 1, 1000000),
    NUMBER(vendor_recipients_day, "1000", 1, 1000000),
    NUMBER(address_mails_day, "3", 1, 1000000),
    NUMBER(installation_recipients_day, "20000", 1, 100000000),
    NUMBER(new_vendor_days, "7", 0, 365),
    NUMBER(new_vendor_recipients_day, "100", 1, 1000000),
    NUMBER(resends_most, "5", 0, 1000000),

    NUMBER(retention_days, "180", 1, 36500),
    NUMBER(delete_days, "30", 1, 365),
    NUMBER(limit_percent, "100", 0, 10000),
    BOOL(open_registration, "false"),
    TEXT(language, KIND_NEEDED, "en"),
    TEXT(catalogue_dir, KIND_TEXT, INVITED_PREFIX "/share/invited/locale"),
};

enum { KEYS = sizeof keys / sizeof *keys };

static const struct key *key_find(const char *name)
{
    for (size_t i = 0; i < KEYS; i++)
        if (strcmp(keys[i].name, name) == 0) return &keys[i];
    return NULL;
}

static bool loopback(const char *host, size_t n)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && strncasecmp(names[i], host, n) == 0) return true;
    return false;
}

static const char *base_url_wrong(const char *value)
{
    bool https = strncmp(value, "https://", 8) == 0;
    if (!https && strncmp(value, "http://", 7) != 0) return "must begin with https://";
    const char *host = value + (https ? 8 : 7);
    size_t n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
    if (n == 0 || n > strlen(host)) return "names no host";
    const char *port = host + n;
    if (*port == ':') port += 1 + strspn(port + 1, "0123456789");
    if (*port) return "must end after host and port, without a slash";
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)host[i]) && !strchr(".-[]:", host[i])) return "has a character that no host has";
    if (!https && !loopback(host, n)) return "must begin with https:// (http is for a loopback host only)";
    return NULL;
}

static const char *address_wrong(const char *value)
{
    const char *at = strchr(value, '@');
    if (!at || at == value || !at[1] || strchr(at + 1, '@')) return "is not an address";
    if (strpbrk(value, " \t<>(),;:\"\\")) return "has a character that no address has";
    return NULL;
}

static bool choice_known(const char *choices, const char *value)
{
    size_t n = strlen(value);
    for (const char *p = choices; n && *p; p += strcspn(p, " "), p += *p == ' ')
        if (strcspn(p, " ") == n && memcmp(p, value, n) == 0) return true;
    return false;
}

static const char *text_wrong(const struct key *key, const char *value)
{
    switch (key->kind) {
    case KIND_BASE_URL: return base_url_wrong(value);
    case KIND_ADDRESS: return address_wrong(value);
    case KIND_NEEDED: return *value ? NULL : "must not be empty";
    case KIND_CHOICE: return choice_known(key->choices, value) ? NULL : key->choices;
    case KIND_SOCKET:
        if (strncmp(value, "fd:", 3) == 0 && value[3]) return NULL;
        return *value == '/' && strlen(value) < 108 ? NULL : "must be an absolute path of at most 107 octets, or fd:NAME";
    case KIND_TEXT:
    case KIND_NUMBER:
    case KIND_BOOL: break;
    }
    return NULL;
}

/* Store one value. False, explained at `where`, when it is not good; `value` must stay. */
static bool key_set(struct config *c, const struct key *key, const char *value, const char *where)
{
    void *to = (char *)c + key->offset;
    const char *wrong = NULL;
    for (const char *p = value; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f) wrong = "has a control character";
    if (!wrong) wrong = text_wrong(key, value);
    if (wrong) {
        fprintf(stderr, "%s: %s = %s: %s%s\n", where, key->name, value, key->kind == KIND_CHOICE ? "must be one of: " : "", wrong);
        return false;
    }
    if (key->kind == KIND_NUMBER) {
        char *end;
        errno = 0;
        unsigned long n = strtoul(value, &end, 10);
        if (!isdigit((unsigned char)*value) || *end || errno || n < key->low || n > key->high) {
            fprintf(stderr, "%s: %s = %s: must be a number from %u to %u\n", where, key->name, value, key->low, key->high);
            return false;
        }
        *(unsigned *)to = (unsigned)n;
    } else if (key->kind == KIND_BOOL) {
        if (!choice_known("true false", value)) {
            fprintf(stderr, "%s: %s = %s: must be true or false\n", where, key->name, value);
            return false;
        }
        *(bool *)to = *value == 't';
    } else {
        *(const char **)to = value;
    }
    return true;
}

static char *trimmed(char *text)
{
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n && strchr(" \t\r\n", text[n - 1])) n--;
    text[n] = 0;
    return text;
}

/* A copy that stays until the process ends; the chain keeps it findable for the leak checker. */
static const char *kept(const char *text)
{
    static struct kept {
        struct kept *earlier;
        char text[];
    } * all;
    size_t n = strlen(text) + 1;
    struct kept *copy = malloc(sizeof *copy + n);
    if (!copy) abort();
    copy->earlier = all;
    all = copy;
    return memcpy(copy->text, text, n);
}

static bool line_read(struct config *c, char *line, const char *where, bool seen[KEYS])
{
    line = trimmed(line);
    if (!*line || *line == '#') return true;
    char *equals = strchr(line, '=');
    if (!equals) {
        fprintf(stderr, "%s: `%s` is not `key = value`\n", where, line);
        return false;
    }
    *equals = 0;
    const char *name = trimmed(line);
    const struct key *key = key_find(name);
    if (!key) {
        fprintf(stderr, "%s: unknown key `%s`\n", where, name);
        return false;
    }
    if (seen[key - keys]) {
        fprintf(stderr, "%s: `%s` stands here a second time\n", where, name);
        return false;
    }
    seen[key - keys] = true;
    return key_set(c, key, kept(trimmed(equals + 1)), where);
}

static bool file_read(struct config *c, const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    char *line = NULL;
    size_t room = 0;
    unsigned number = 0;
    bool good = true, seen[KEYS] = {0};
    ssize_t n;
    while ((n = getline(&line, &room, f)) >= 0) {
        char where[512];
        snprintf(where, sizeof where, "%s:%u", path, ++number);
        if (memchr(line, 0, (size_t)n)) {
            fprintf(stderr, "%s: a NUL octet\n", where);
            good = false;
        } else if (!line_read(c, line, where, seen)) {
            good = false;
        }
    }
    if (ferror(f)) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        good = false;
    }
    free(line);
    fclose(f);
    return good;
}

static bool environment_read(struct config *c)
{
    extern char **environ;
    bool good = true;
    for (char **e = environ; *e; e++) {
        if (strncmp(*e, "INVITED_", 8) != 0) continue;
        char name[64] = "";
        size_t n = strcspn(*e + 8, "=");
        for (size_t i = 0; i < n && i < sizeof name - 1; i++) name[i] = (char)tolower((unsigned char)(*e)[8 + i]);
        const struct key *key = key_find(name);
        if (!key || (*e)[8 + n] != '=') {
            fprintf(stderr, "environment: unknown variable %.*s\n", (int)n + 8, *e);
            good = false;
            continue;
        }
        if (!key_set(c, key, kept(*e + 8 + n + 1), "environment")) good = false;
    }
    return good;
}

/* What no single key can know. */
static bool together_good(const struct config *c)
{
    bool good = true;
    if (c->password_memory_mib < 46 && c->password_passes < 2) {
        fprintf(stderr, "password_passes: must be at least 2 with less than 46 MiB\n");
        good = false;
    }
    if (strcmp(c->web_socket, c->auth_socket) == 0 || strcmp(c->web_socket, c->long_socket) == 0 || strcmp(c->auth_socket, c->long_socket) == 0) {
        fprintf(stderr, "web_socket, auth_socket and long_socket: must be different\n");
        good = false;
    }
    /* +NUMBER.MAC are 50 octets of the 64 that may stand before the @ */
    const char *at = strchr(c->bounce_address, '@');
    if (*c->bounce_address && (!at || at == c->bounce_address || at - c->bounce_address > 14 || !at[1] || strpbrk(c->bounce_address, "+ <>\"\\,;:()[]"))) {
        fprintf(stderr, "bounce_address: must be an address like bounce@portal.example, with at most 14 letters and digits before the @\n");
        good = false;
    }
    if (*c->database_host && !*c->database_tls_ca) {
        fprintf(stderr, "database_tls_ca: a database on another machine is spoken to over verified TLS only\n");
        good = false;
    }
    return good;
}

bool config_read(struct config *c, const char *path)
{
    *c = (struct config){0};
    for (size_t i = 0; i < KEYS; i++)
        if (!key_set(c, &keys[i], keys[i].otherwise, "default")) abort();
    bool good = !path || file_read(c, path);
    if (!environment_read(c)) good = false;
    return good && together_good(c);
}

void config_print(const struct config *c)
{
    for (size_t i = 0; i < KEYS; i++) {
        const void *from = (const char *)c + keys[i].offset;
        if (keys[i].kind == KIND_NUMBER) printf("%s = %u\n", keys[i].name, *(const unsigned *)from);
        else if (keys[i].kind == KIND_BOOL) printf("%s = %s\n", keys[i].name, *(const bool *)from ? "true" : "false");
        else printf("%s =%s%s\n", keys[i].name, **(const char *const *)from ? " " : "", *(const char *const *)from);
    }
}
