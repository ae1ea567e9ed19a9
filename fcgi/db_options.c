/* db_options.c - see db_options.h. */
#include "db_options.h"

#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool db_options_read(const struct config *config, struct db_options *options)
{
    static char password[256];
    password[0] = 0;
    if (config->database_password_file[0]) {
        FILE *f = fopen(config->database_password_file, "re");
        if (!f || (!fgets(password, sizeof password, f) && ferror(f))) {
            log_error("cannot read database_password_file %s: %s", config->database_password_file, strerror(errno));
            if (f) fclose(f);
            return false;
        }
        fclose(f);
        password[strcspn(password, "\r\n")] = 0;
    }
    *options = (struct db_options){.host = config->database_host,
                                   .socket = config->database_socket,
                                   .user = config->database_user,
                                   .password = password,
                                   .name = config->database_name,
                                   .tls_ca = config->database_tls_ca};
    return true;
}
