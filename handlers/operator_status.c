/* operator_status.c - `invited status`: who serves what, since when, and what mail waits. Exit status 0: all is well. */
#include "operator_call.h"

#include "arena.h"
#include "out.h"
#include "pool.h"
#include "scoreboard.h"
#include "sql/operator.h"
#include "when.h"

#include <stdio.h>
#include <time.h>

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void slot_print(const struct scoreboard *board, const struct scoreboard_slot *slot)
{
    uint64_t since = slot->since_us, now = now_us();
    const char *route = scoreboard_route(board, slot);
    printf("  %-6s %d, %llu served, ", pool_name((enum scoreboard_pool)slot->pool), (int)slot->pid, (unsigned long long)slot->served);
    if (!slot->ready) printf("starting\n");
    else if (since) printf("%s for %llu ms%s\n", route ? route : "reading a request", now > since ? (unsigned long long)(now - since) / 1000 : 0, slot->leave ? ", then leaving" : "");
    else printf("%s\n", slot->leave ? "leaving" : "idle");
}

/* Whether a master runs that wrote this file. */
static bool board_print(const struct out *o, const char *name, const char *path)
{
    const struct scoreboard *board = scoreboard_look(path);
    if (!board) return false;
    printf("%s: master %d, since %s\n", name, (int)board->master, when_machine(o, (struct moment){board->begun_us}));
    for (unsigned i = 0; i < SCOREBOARD_SLOTS; i++) {
        const struct scoreboard_slot *slot = &board->slot[i];
        if (slot->pid && slot->pool >= 0 && slot->pool < POOLS) slot_print(board, slot);
    }
    return true;
}

static int queue_print(struct operator *op, const struct out *o)
{
    struct operator_queue queue;
    int status = operator_begin(op);
    if (status) return status;
    enum db_result r = operator_queue(op->db, &queue);
    if (r != DB_OK) return operator_failed(r);
    printf("mail: %llu waiting", (unsigned long long)queue.waiting);
    if (queue.waiting) printf(", the oldest since %s", when_machine(o, queue.oldest));
    if (queue.held) printf(", %llu more for closed vendors", (unsigned long long)queue.held);
    printf("\n");
    return 0;
}

static int status_show(struct operator *op)
{
    struct out o;
    out_init(&o, op->arena);
    const struct config *c = op->config;
    bool serving = board_print(&o, "serve", c->status_file);
    bool mailing = board_print(&o, "mailer", c->mailer_status_file) || (serving && c->mailer);
    if (!serving) printf("serve: not running (nothing in %s)\n", c->status_file);
    if (!mailing) printf("mailer: not running (nothing in %s)\n", c->mailer_status_file);
    int status = queue_print(op, &o);
    return serving && mailing ? status : 1;
}

const struct operator_verb operator_status_verbs[] = {
    {"status", "", "", "", "status", status_show},
    {0},
};
