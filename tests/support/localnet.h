/* localnet: the program's own chain as a process of its own, with the demo's contracts, for tests
 * of a console that is told where it is. */
#ifndef TESTS_SUPPORT_LOCALNET_H
#define TESTS_SUPPORT_LOCALNET_H

#include <stdbool.h>
#include <sys/types.h>

struct localnet {
    pid_t pid;
    char url[80];           /* http://127.0.0.1:PORT */
};

/* Starts it on this port ("0": on a free one), with so many milliseconds a block, and waits until
 * it says where it listens. */
bool localnet_start(struct localnet *l, const char *program, const char *port,
                    const char *block_ms);
/* Ends it, by this signal, and waits for that. */
void localnet_end(struct localnet *l, int signal_number);
const char *localnet_port(const struct localnet *l);

#endif
