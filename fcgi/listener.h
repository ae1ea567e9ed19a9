/* listener.h - the sockets that nginx connects to.
 *
 * A path: made here, mode 0660, backlog 4096; a stale file is replaced only when nobody listens there. `fd:N` or `fd:NAME`: held by
 * systemd (LISTEN_FDS, LISTEN_FDNAMES), so that visitors wait in the backlog while the program is replaced.
 */
#ifndef FCGI_LISTENER_H
#define FCGI_LISTENER_H

/* A listening, non-blocking, close-on-exec socket; -1, logged with the cure, when there is none. */
int listener_open(const char *where);

/* Close, and remove the file that listener_open made. */
void listener_close(int listener, const char *where);

#endif
