/* db_wire.h - how the client library waits for MariaDB's answer; see db_wire.c. */
#ifndef FCGI_DB_WIRE_H
#define FCGI_DB_WIRE_H

/* From now on reads of this connection give way once before the library goes to sleep. One connection a process is watched: the
 * newest. */
void db_wire_watch(int fd);

/* The connection is about to be closed. */
void db_wire_forget(int fd);

#endif
