/* utf8.h - what may be inside text: well-formed UTF-8 (RFC 3629), and which characters people must not meet. */
#ifndef FCGI_UTF8_H
#define FCGI_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Well-formed: no overlong form, no surrogate, nothing above U+10FFFF, no NUL. */
bool utf8_good(const char *p, size_t n);

/* Code points of well-formed text. */
size_t utf8_length(const char *text);

/* Holds a control character other than LF (and LF too unless `lines`): C0, DEL, C1, U+2028, U+2029. */
bool utf8_has_control(const char *text, bool lines);

/* Holds an invisible or direction-changing character (security.md, E-mail addresses 5). */
bool utf8_has_hidden(const char *text);

#endif
