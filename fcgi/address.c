/* address.c - see address.h. */
#include "address.h"

#include "arena.h"
#include "types.h"
#include "utf8.h"

#include <idn2.h>
#include <stdbool.h>
#include <string.h>

static const char wrong[] = N_("Enter an email address in the correct format, like name@example.com");
static const char local_not_ascii[] = N_("Enter an email address whose part before the @ has only letters a to z, digits and signs");

enum { LOCAL_MOST = 64, ADDRESS_MOST = 254, LABEL_MOST = 63 };

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char *trimmed(struct arena *a, const char *text)
{
    while (blank(*text)) text++;
    size_t n = strlen(text);
    while (n > 0 && blank(text[n - 1])) n--;
    return arena_text(a, text, n);
}

/* security.md, E-mail addresses 1: no octet that could end a command, a header or an HTML attribute. */
static bool octets_good(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (*p < 0x21 || *p == 0x7f || strchr("<>()[],;:\\\"", *p)) return false;
    return true;
}

static bool dots_good(const char *part, size_t n)
{
    if (n == 0 || part[0] == '.' || part[n - 1] == '.') return false;
    for (size_t i = 1; i < n; i++)
        if (part[i] == '.' && part[i - 1] == '.') return false;
    return true;
}

static bool ascii(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] >= 0x80) return false;
    return true;
}

/* At least two labels of letters, digits and hyphens, the last not a number (an IP address is not a domain), each at most 63 octets. */
static bool labels_good(const char *domain)
{
    size_t dots = 0;
    if (domain[strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-.")]) return false;
    const char *label = domain;
    for (const char *p = domain;; p++) {
        if (*p && *p != '.') continue;
        if (p == label || p - label > LABEL_MOST) return false;
        if (!*p) break;
        dots++;
        label = p + 1;
    }
    return dots > 0 && strspn(label, "0123456789") != strlen(label);
}

/* Lower-case A-labels, or NULL. Without IDN2_USE_STD3_ASCII_RULES, which does not refuse other signs but leaves them out: with it
 * ann@pier_.example was the same person as ann@pier.example. */
static const char *domain_canon(struct arena *a, const char *domain)
{
    char *ace = NULL;
    int rc = idn2_to_ascii_8z(domain, &ace, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    if (rc != IDN2_OK) return NULL;
    char *copy = arena_text(a, ace, strlen(ace));
    idn2_free(ace);
    for (char *p = copy; *p; p++)
        if (*p >= 'A' && *p <= 'Z') *p = (char)(*p + ('a' - 'A'));
    return labels_good(copy) ? copy : NULL;
}

const char *address_parse(struct arena *arena, const char *text, struct address *a)
{
    const char *typed = trimmed(arena, text);
    const char *at = strchr(typed, '@');
    if (!at || strchr(at + 1, '@') || !utf8_good(typed, strlen(typed)) || utf8_has_hidden(typed) || !octets_good(typed)) return wrong;
    size_t local = (size_t)(at - typed);
    if (local > LOCAL_MOST || !dots_good(typed, local) || !dots_good(at + 1, strlen(at + 1))) return wrong;
    if (!ascii(typed, local)) return local_not_ascii;
    const char *domain = domain_canon(arena, at + 1);
    if (!domain || local + 1 + strlen(domain) > ADDRESS_MOST) return wrong;

    char *canon = arena_printf(arena, "%.*s@%s", (int)local, typed, domain);
    for (char *p = canon; *p != '@'; p++)
        if (*p >= 'A' && *p <= 'Z') *p = (char)(*p + ('a' - 'A'));
    a->canon = canon;
    a->domain = canon + local + 1;
    a->typed = ascii(at, strlen(at)) ? typed : arena_printf(arena, "%.*s@%s", (int)local, typed, domain);
    return NULL;
}
