/* Preparations: which are under way, which wait for their turn, what came of them. */
#include <stdlib.h>
#include <string.h>
#include "contract/wasm/cache.h"
#include "contract/wasm/native.h"
#include "contract/wasm/worker.h"
#include "net/base/clock.h"
#include "net/base/log.h"
#include "net/base/xalloc.h"

enum { MODULE_MAX_FAILURES = 8 };

struct job {
    struct hash code_hash;
    struct str wasm;                /* owned; until it runs */
    uint64_t code_size;
    struct worker worker;
    bool is_running;
    int64_t begun_ns;               /* monotonic */
    char who[MODULE_WHO_MAX];
};

static struct {
    struct job jobs[MODULE_MAX_QUEUE];      /* those that run, then the others in order */
    size_t count, running;
    /* What this machine has failed at, so that nobody waits for it again and again. */
    struct {
        struct hash code_hash;
        int64_t at_ns;
    } failures[MODULE_MAX_FAILURES];
    size_t failure_count;
    module_end_fn on_end;
    void *on_end_context;
} all;

void
module_on_end(module_end_fn fn, void *context)
{
    all.on_end = fn;
    all.on_end_context = context;
}

enum err
module_use_cache(const char *folder, struct diag *d)
{
    if (folder)
        return cache_open(folder, d);
    cache_close();
    return OK;
}

static const char *
base_folder(void)
{
    const char *named = getenv("TMPDIR"), *cache = cache_folder();
    if (cache)
        return cache;
    return named && *named ? named : "/tmp";
}

/* --- the end of one ----------------------------------------------------------------------- */

static void
note_failure(const struct hash *code_hash)
{
    size_t at = all.failure_count++ % MODULE_MAX_FAILURES;
    all.failures[at].code_hash = *code_hash;
    all.failures[at].at_ns = clock_monotonic_ns();
}

static bool
has_just_failed(const struct hash *code_hash)
{
    for (size_t i = 0; i < MODULE_MAX_FAILURES && i < all.failure_count; i++) {
        if (hash_equal(&all.failures[i].code_hash, code_hash) &&
            clock_monotonic_ns() - all.failures[i].at_ns < NS_PER_S)
            return true;
    }
    return false;
}

static void
drop_job(size_t number)
{
    struct job *job = &all.jobs[number];
    worker_discard(&job->worker);
    xfree((void *)(uintptr_t)job->wasm.p);
    if (job->is_running)
        all.running--;
    memmove(job, job + 1, (--all.count - number) * sizeof(*job));
}

/* Told by a copy: the listener may begin others. */
static void
tell_end(const struct job *job, const char *problem)
{
    struct module_end end = {.code_hash = job->code_hash,
                             .code_size = job->code_size,
                             .problem = problem};
    memcpy(end.who, job->who, sizeof(end.who));
    if (job->begun_ns)
        end.elapsed_ms = (uint64_t)(clock_monotonic_ns() - job->begun_ns) / NS_PER_MS;
    log_line(problem ? LOG_WARNING : LOG_INFO, "wasm",
             "contract of %llu bytes for %s: %s, after %llu ms",
             (unsigned long long)end.code_size, end.who, problem ? problem : "ready",
             (unsigned long long)end.elapsed_ms);
    if (all.on_end)
        all.on_end(all.on_end_context, &end);
}

static enum err
take_in(struct job *job, struct diag *d)
{
    struct arena arena;
    struct prepared found;
    arena_init(&arena);
    worker_result(&job->worker, &arena, &found);
    bool has_object = !found.machine && !found.refused && found.object_size;
    enum err e = OK;
    if (found.machine)
        e = diag_set(d, found.machine, "%.*s", STR_ARG(found.reason));
    bool is_kept = has_object && cache_keep(&job->code_hash, job->worker.folder);
    if (!e)
        e = module_keep(&job->code_hash, job->code_size, &found, job->worker.folder, d);
    if (is_kept)
        job->worker.folder[0] = '\0';       /* no longer the job's to take away */
    if (!e && found.refused)
        diag_set(d, ERR_REFUSED, "%.*s", STR_ARG(found.reason));
    if (e && cache_is_open()) {
        log_line(LOG_WARNING, "wasm", "compiled code is no longer kept: %s", diag_text(d));
        cache_close();
    }
    arena_release(&arena);
    return e;
}

static enum err
end_job(size_t number, struct diag *d)
{
    struct job job = all.jobs[number];
    struct diag own = {0};
    enum err e = take_in(&job, &own);
    all.jobs[number].worker = job.worker;
    drop_job(number);
    if (e)
        note_failure(&job.code_hash);
    tell_end(&job, own.code ? diag_text(&own) : NULL);
    if (e)
        diag_set(d, e, "%s", diag_text(&own));
    return e;
}

/* --- the beginning of one ----------------------------------------------------------------- */

static struct job *
find_job(const struct hash *code_hash)
{
    for (size_t i = 0; i < all.count; i++) {
        if (hash_equal(&all.jobs[i].code_hash, code_hash))
            return &all.jobs[i];
    }
    return NULL;
}

static enum err
run_job(struct job *job, struct diag *d)
{
    struct job moved = *job;
    enum err e = worker_start(&moved.worker, base_folder(), moved.wasm, d);
    if (e)
        return e;
    xfree((void *)(uintptr_t)moved.wasm.p);
    moved.wasm = (struct str){0};
    moved.is_running = true;
    moved.begun_ns = clock_monotonic_ns();
    /* Behind those that run already, in front of those that wait. */
    size_t at = (size_t)(job - all.jobs);
    memmove(&all.jobs[all.running + 1], &all.jobs[all.running],
            (at - all.running) * sizeof(*job));
    all.jobs[all.running++] = moved;
    return OK;
}

/* One more than usual may run when somebody waits. */
static bool
may_run(bool urgent)
{
    return all.running < MODULE_MAX_WORKERS + (urgent ? 1 : 0);
}

static void
start_waiting(void)
{
    struct diag d = {0};
    while (all.running < all.count && may_run(false)) {
        struct job *next = &all.jobs[all.running];
        if (run_job(next, &d) == OK)
            continue;
        struct job failed = *next;
        drop_job(all.running);
        note_failure(&failed.code_hash);
        tell_end(&failed, diag_text(&d));
    }
}

static void
hurry(struct job *job)
{
    struct job moved = *job;
    size_t at = (size_t)(job - all.jobs);
    if (job->is_running)
        return;
    memmove(&all.jobs[all.running + 1], &all.jobs[all.running],
            (at - all.running) * sizeof(*job));
    all.jobs[all.running] = moved;
    if (may_run(true))
        (void)run_job(&all.jobs[all.running], NULL);
}

static bool
load_from_cache(uint64_t code_size, const struct hash *code_hash)
{
    char folder[PREPARE_PATH_MAX];
    struct prepared found;
    struct arena arena;
    arena_init(&arena);
    bool is_there = cache_find(code_hash, &arena, folder, &found) &&
                    module_keep(code_hash, code_size, &found, folder, NULL) == OK;
    arena_release(&arena);
    return is_there;
}

bool
module_begin(struct str wasm, const struct hash *code_hash, struct str who, bool urgent)
{
    if (module_is_ready(code_hash) || module_needs_no_work(wasm))
        return false;
    struct job *job = find_job(code_hash);
    if (!job) {
        if (has_just_failed(code_hash) || load_from_cache(wasm.n, code_hash) ||
            all.count == MODULE_MAX_QUEUE)
            return false;
        job = &all.jobs[all.count++];
        *job = (struct job){.code_hash = *code_hash,
                            .wasm = str_of(xmemdup(wasm.p, wasm.n), wasm.n),
                            .code_size = wasm.n};
        if (!str_copy(who, job->who, sizeof(job->who)))
            job->who[0] = '\0';
    }
    if (urgent)
        hurry(job);
    start_waiting();
    return find_job(code_hash) != NULL;
}

/* --- waiting ------------------------------------------------------------------------------ */

size_t
module_poll(void)
{
    for (size_t i = 0; i < all.running;) {
        if (worker_has_ended(&all.jobs[i].worker, false))
            (void)end_job(i, NULL);
        else
            i++;
    }
    start_waiting();
    return all.count;
}

bool
module_progress(size_t number, struct module_progress *out)
{
    if (number >= all.count)
        return false;
    const struct job *job = &all.jobs[number];
    *out = (struct module_progress){.code_hash = job->code_hash,
                                    .code_size = job->code_size,
                                    .is_running = job->is_running};
    memcpy(out->who, job->who, sizeof(out->who));
    if (job->is_running)
        out->elapsed_ms = (uint64_t)(clock_monotonic_ns() - job->begun_ns) / NS_PER_MS;
    return true;
}

enum err
module_prepare_now(struct str wasm, const struct hash *code_hash, struct diag *d)
{
    struct job *job = find_job(code_hash);
    if (!job && load_from_cache(wasm.n, code_hash))
        return OK;
    if (job && job->is_running) {
        worker_has_ended(&job->worker, true);
        return end_job((size_t)(job - all.jobs), d);
    }
    struct job own = {.code_hash = *code_hash, .code_size = wasm.n,
                      .begun_ns = clock_monotonic_ns()};
    if (job)
        drop_job((size_t)(job - all.jobs));
    enum err e = worker_start(&own.worker, base_folder(), wasm, d);
    if (e)
        return e;
    struct diag why = {0};
    worker_has_ended(&own.worker, true);
    e = take_in(&own, &why);
    worker_discard(&own.worker);
    tell_end(&own, why.code ? diag_text(&why) : NULL);
    return e ? diag_set(d, e, "%s", diag_text(&why)) : OK;
}

void
module_prepare_stop(void)
{
    while (all.count)
        drop_job(all.count - 1);
    all.failure_count = 0;
}
