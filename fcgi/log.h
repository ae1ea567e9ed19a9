/* log.h - lines on standard error, for the journal: UTC, level, words, key=value pairs.
 *
 * Never a token, a password or a mail address (ASVS 16.2.5). Control characters are escaped, so one call is one line.
 */
#ifndef FCGI_LOG_H
#define FCGI_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Lines above this level are dropped. Start: LOG_LEVEL_INFO. */
void log_level_set(enum log_level level);

/* "web", "auth", "mailer", "master": named in each line with the pid. The text must stay. */
void log_role_set(const char *role);

/* The request being served, named in each line until set to NULL. The text must stay. */
void log_request_set(const char *request_id);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Our bug: log and abort. */
_Noreturn void log_bug(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
