/* keygen.h - `invited keygen`: the installation's key and the mailer's pair, made once and never overwritten. */
#ifndef FCGI_KEYGEN_H
#define FCGI_KEYGEN_H

#include "config.h"

/* Makes the files of secret_file, mail_secret_file and mail_public_file that are missing. Exit status. */
int keygen_run(const struct config *config, int argc, char **argv);

#endif
