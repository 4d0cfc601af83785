#include "tests/support/localnet.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

bool
localnet_start(struct localnet *l, const char *program, const char *port, const char *block_ms)
{
    int ends[2];
    char line[512] = "";
    if (pipe(ends))
        return false;
    l->pid = fork();
    if (l->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);       /* a test that fails leaves none behind */
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execl(program, program, "localnet", "--demo", "--port", port, "--block-time", block_ms,
              (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *from = fdopen(ends[0], "r");
    bool is_read = from && fgets(line, sizeof(line), from);
    const char *at = is_read ? strstr(line, "\"rpc\":\"") : NULL;
    if (from)
        fclose(from);
    return at && sscanf(at + 7, "%79[^\"]", l->url) == 1;
}

void
localnet_end(struct localnet *l, int signal_number)
{
    kill(l->pid, signal_number);
    waitpid(l->pid, NULL, 0);
}

const char *
localnet_port(const struct localnet *l)
{
    return strrchr(l->url, ':') + 1;
}
