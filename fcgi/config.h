/* config.h - the one configuration file, read once, and the environment over it.
 *
 * `key = value` lines, # comments. Every key can be overridden as INVITED_<KEY>. An unknown key, a bad value or an unknown
 * INVITED_ variable refuses to start, with file and line (or the variable's name).
 * nginx/invited.conf.example documents every key; a test compares the two.
 */
#ifndef FCGI_CONFIG_H
#define FCGI_CONFIG_H

#include <stdbool.h>

struct config {
    const char *base_url;    /* https://host[:port], no trailing slash; http only for a loopback host */
    const char *portal_name; /* shown before a vendor is known, and in mail's From */
    const char *support_email;
    const char *log_level; /* error warning info debug */

    const char *web_socket, *auth_socket, *long_socket; /* paths, or fd:NAME (fd:3) for a socket that systemd holds */
    unsigned web_workers, auth_workers, long_workers;
    bool mailer;               /* whether this master runs the mailer */
    unsigned request_seconds;  /* a request older than this is ended by the master */
    unsigned long_seconds;     /* the same for exports and uploads */

    const char *status_file, *mailer_status_file; /* the scoreboard of `serve`, of `mailer`; "": in memory only */

    const char *database_socket, *database_host, *database_name, *database_user;
    const char *database_password_file, *database_tls_ca;

    const char *secret_file;      /* 32 bytes, hex: tokens, sessions, CSRF */
    const char *mail_public_file; /* seals mail for the mailer */
    const char *mail_secret_file; /* opens it; the mailer's alone */

    const char *resource_folder; /* shared files: written by the long workers, read by nginx */
    unsigned resource_max_mib;   /* the largest of them */

    const char *mail_from;      /* address of every mail */
    const char *bounce_address; /* where mails come back to `invited bounce`, with +NUMBER added; "": the envelope's sender is mail_from */
    const char *smtp_host;
    unsigned smtp_port;
    const char *smtp_tls; /* off, required */
    const char *smtp_tls_ca;
    const char *smtp_user, *smtp_password_file;
    unsigned smtp_seconds; /* per stage of the conversation */
    unsigned mail_lease_seconds; /* an attempt that nobody reported is repeated after this (450) */
    unsigned mail_retry_seconds; /* the first pause after a failure, doubled each time up to 30 minutes (30) */

    unsigned password_memory_mib; /* Argon2id; at least 19 */
    unsigned password_passes;     /* at least 2 with less than 46 MiB (ASVS 5.0 11.4.2) */

    unsigned idle_minutes, session_hours;
    unsigned member_recipients_day, vendor_recipients_day, installation_recipients_day; /* mails of invitations in a UTC day */
    unsigned address_mails_day; /* ... to one address, over all vendors (3) */
    unsigned new_vendor_days, new_vendor_recipients_day; /* so long a vendor may send only so many */
    unsigned resends_most; /* of one invitation (5) */
    unsigned retention_days; /* after which an ended invitation that nobody accepted loses its address */
    unsigned delete_days; /* after which a vendor that its owner deletes is gone */
    unsigned limit_percent; /* of every per-minute limit; 0: no limits (tests) */
    bool open_registration; /* whether people may register without an invitation's link */
    const char *language;      /* of who asks for none that is offered */
    const char *catalogue_dir; /* gettext catalogues */
};

/* Reads `path` (NULL: only defaults and environment). On failure prints each problem on standard error
 * and returns false. The texts live until the process ends. */
bool config_read(struct config *c, const char *path);

/* Every key with the value in force, on standard output, in the form of the file. */
void config_print(const struct config *c);

#endif
