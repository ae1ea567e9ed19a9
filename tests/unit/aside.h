/* aside.h - what must not happen in the test itself: run it in a child process and look at how it ended and what it said. */
#ifndef TESTS_UNIT_ASIDE_H
#define TESTS_UNIT_ASIDE_H

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct aside {
    int status;       /* as waitpid(2) leaves it */
    size_t n;         /* octets of said */
    char said[16384]; /* standard error, NUL-terminated */
};

/* Run work(what) in a child process, its standard error in *a. */
__attribute__((unused)) static void aside_run(struct aside *a, void (*work)(const void *), const void *what)
{
    int ends[2];
    if (pipe(ends) != 0) abort();
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        signal(SIGABRT, SIG_DFL); /* cmocka catches it: the test would go on in the child */
        work(what);
        _exit(0);
    }
    close(ends[1]);
    a->n = 0;
    ssize_t got;
    while (a->n < sizeof a->said - 1 && (got = read(ends[0], a->said + a->n, sizeof a->said - 1 - a->n)) > 0) a->n += (size_t)got;
    a->said[a->n] = 0;
    close(ends[0]);
    waitpid(child, &a->status, 0);
}

__attribute__((unused)) static bool aside_aborted(const struct aside *a)
{
    return WIFSIGNALED(a->status) && WTERMSIG(a->status) == SIGABRT;
}

__attribute__((unused)) static bool aside_succeeded(const struct aside *a)
{
    return WIFEXITED(a->status) && WEXITSTATUS(a->status) == 0;
}

#endif
