/* notify.h - a word to systemd over NOTIFY_SOCKET (Type=notify). Nothing happens without it. */
#ifndef FCGI_NOTIFY_H
#define FCGI_NOTIFY_H

/* "READY=1", "STOPPING=1", "STATUS=..." */
void notify_send(const char *state);

#endif
