/* Compiling beside everything else: begun, looked after, waited for, kept on disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "contract/wasm/native.h"
#include "contract/wasm/prepare.h"
#include "net/base/file.h"
#include "tests/support/wasm_made.h"

static char folder[] = "/tmp/neartop-compiling-XXXXXX";
static char cache[64];

static size_t
entries_of(const char *path)
{
    size_t n = 0;
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

struct code {
    struct buf wasm;
    struct hash hash;
};

static void
make_code(struct code *c, size_t size, uint32_t salt)
{
    buf_init(&c->wasm, MODULE_MAX_BYTES);
    wasm_made(size, salt, &c->wasm);
    c->hash = hash_of_bytes(buf_str(&c->wasm));
}

static bool
begin(const struct code *c, bool urgent)
{
    return module_begin(buf_str(&c->wasm), &c->hash, STR("bob.test.near"), urgent);
}

static const struct module *
module_of(const struct code *c, struct diag *d)
{
    enum prepare_error refused;
    return module_of_code(buf_str(&c->wasm), &c->hash, &refused, d);
}

static void
await_all(void)
{
    while (module_poll())
        usleep(1000);
}

static struct module_end last_end;
static char last_problem[DIAG_MAX];
static int ends;

static void
on_end(void *context, const struct module_end *end)
{
    (void)context;
    ends++;
    last_end = *end;
    snprintf(last_problem, sizeof(last_problem), "%s", end->problem ? end->problem : "");
}

static void
module_begin__returns_at_once__and_poll_takes_it_in(void **state)
{
    struct code c;
    struct module_progress p;
    (void)state;
    make_code(&c, 200000, 1);
    assert_true(begin(&c, false));
    assert_false(module_is_ready(&c.hash));
    assert_true(begin(&c, false));              /* known: not twice */
    assert_true(module_progress(0, &p));
    assert_false(module_progress(1, &p));
    assert_true(p.is_running);
    assert_int_equal(p.code_size, c.wasm.n);
    assert_string_equal(p.who, "bob.test.near");
    await_all();
    assert_true(module_is_ready(&c.hash));
    assert_int_equal(ends, 1);
    assert_null(last_end.problem);
    assert_string_equal(last_end.who, "bob.test.near");
    assert_false(begin(&c, true));
    assert_int_equal(entries_of(folder), 0);
    buf_release(&c.wasm);
}

static void
module_of_code__waits__for_what_has_begun(void **state)
{
    struct code c;
    (void)state;
    make_code(&c, 100000, 2);
    assert_true(begin(&c, false));
    assert_non_null(module_of(&c, NULL));
    assert_int_equal(module_poll(), 0);
    buf_release(&c.wasm);
}

/* More than may run at a time: they wait, the urgent one does not, and what is too much for the
 * queue is not taken in but can still be had. */
static void
module_begin__has_an_order__and_an_end(void **state)
{
    struct code codes[MODULE_MAX_QUEUE + 1];
    struct module_progress p;
    (void)state;
    for (uint32_t i = 0; i <= MODULE_MAX_QUEUE; i++) {
        make_code(&codes[i], 10000, 100 + i);
        assert_int_equal(begin(&codes[i], false), i < MODULE_MAX_QUEUE);
    }
    assert_true(module_progress(MODULE_MAX_WORKERS, &p) && !p.is_running);
    assert_true(begin(&codes[MODULE_MAX_QUEUE - 1], true));
    assert_true(module_progress(MODULE_MAX_WORKERS, &p) && p.is_running);
    assert_true(hash_equal(&p.code_hash, &codes[MODULE_MAX_QUEUE - 1].hash));
    assert_non_null(module_of(&codes[MODULE_MAX_QUEUE], NULL));
    assert_non_null(module_of(&codes[MODULE_MAX_QUEUE - 2], NULL));     /* one that waited */
    await_all();
    for (uint32_t i = 0; i <= MODULE_MAX_QUEUE; i++) {
        assert_true(module_is_ready(&codes[i].hash));
        buf_release(&codes[i].wasm);
    }
    assert_int_equal(entries_of(folder), 0);
}

static void
module_forget_all__ends_what_runs__and_leaves_nothing(void **state)
{
    struct code a, b;
    (void)state;
    make_code(&a, 400000, 3);
    make_code(&b, 400000, 4);
    assert_true(begin(&a, false) && begin(&b, false));
    module_forget_all();
    assert_int_equal(module_poll(), 0);
    assert_int_equal(entries_of(folder), 0);
    buf_release(&a.wasm);
    buf_release(&b.wasm);
}

/* Nothing to do with the code: told as such, not remembered against it, and nobody waits for it
 * twice in a row. */
static void
module_begin__tells__when_the_machine_fails(void **state)
{
    struct code c;
    struct diag d = {0};
    struct rlimit was, tiny = {1000, 1000};
    (void)state;
    make_code(&c, 50000, 5);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    tiny.rlim_max = was.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);      /* as if the disk were full */
    ends = 0;
    bool has_begun = begin(&c, true);
    await_all();
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    assert_true(has_begun);
    assert_int_equal(ends, 1);
    assert_true(last_problem[0] != '\0');
    assert_false(module_is_ready(&c.hash));
    assert_false(begin(&c, true));
    assert_int_equal(entries_of(folder), 0);
    assert_non_null(module_of(&c, &d));
    buf_release(&c.wasm);
}

/* In a process of its own, which may be nobody's: the limit does not hold for root. */
static void
fail_to_fork(const struct code *c)
{
    struct diag d = {0};
    enum prepare_error refused = PREPARE_OK;
    struct rlimit none = {0, 0};
    if (geteuid() == 0 && (chown(folder, 65534, 65534) || setuid(65534)))
        _exit(2);
    if (setrlimit(RLIMIT_NPROC, &none))
        _exit(3);
    const struct module *m = module_of_code(buf_str(&c->wasm), &c->hash, &refused, &d);
    _exit(!m && refused == PREPARE_COMPILER && d.code == ERR_IO ? 0 : 4);
}

static void
module_of_code__tells__when_no_process_can_be_started(void **state)
{
    struct code c;
    int status = -1;
    (void)state;
    make_code(&c, 20000, 6);
    pid_t pid = fork();
    if (pid == 0)
        fail_to_fork(&c);
    assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
    assert_int_equal(status, 0);
    assert_int_equal(entries_of(folder), 0);
    buf_release(&c.wasm);
}

/* --- on disk ------------------------------------------------------------------------------ */

static void
one_entry(char out[600])
{
    DIR *d = opendir(cache);
    assert_non_null(d);
    out[0] = '\0';
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        assert_true(out[0] == '\0');
        snprintf(out, 600, "%s/%s", cache, e->d_name);
    }
    closedir(d);
    assert_true(out[0] != '\0');
}

/* How many processes were needed: none when it came from the disk. */
static int
ends_of(const struct code *c)
{
    ends = 0;
    module_forget_all();
    const struct module *m = module_of(c, NULL);
    assert_non_null(m);
    assert_true(module_find_method(m, STR("main")) >= 0);
    return ends;
}

static void
cache__keeps_compiled_code__until_it_is_damaged(void **state)
{
    struct code c;
    char entry[600], path[700];
    (void)state;
    assert_int_equal(module_use_cache(cache, NULL), OK);
    make_code(&c, 60000, 7);
    assert_int_equal(ends_of(&c), 1);
    one_entry(entry);
    assert_int_equal(ends_of(&c), 0);
    assert_int_equal(entries_of(entry), 2);
    /* A byte that is not what was written. */
    struct buf object;
    buf_init(&object, PREPARE_MAX_OBJECT);
    snprintf(path, sizeof(path), "%s/c.so", entry);
    assert_int_equal(file_read(path, &object, NULL), OK);
    object.p[object.n / 2] ^= 1;
    assert_int_equal(file_write(path, buf_str(&object), 0600, NULL), OK);
    assert_int_equal(ends_of(&c), 1);
    assert_int_equal(ends_of(&c), 0);
    /* An end that is missing. */
    module_forget_all();
    assert_int_equal(truncate(path, 1000), 0);
    assert_int_equal(ends_of(&c), 1);
    /* Something that another could have written. */
    assert_int_equal(chmod(path, 0666), 0);
    assert_int_equal(ends_of(&c), 1);
    snprintf(path, sizeof(path), "%s/result", entry);
    assert_int_equal(file_write(path, STR("neartop prepared 1\n"), 0600, NULL), OK);
    assert_int_equal(ends_of(&c), 1);
    assert_int_equal(ends_of(&c), 0);
    buf_release(&object);
    buf_release(&c.wasm);
    module_forget_all();
    prepare_discard(entry);
    assert_int_equal(module_use_cache(NULL, NULL), OK);
}

static void
cache__is_not_used__when_others_may_write_there(void **state)
{
    struct diag d = {0};
    (void)state;
    char parent[64];
    snprintf(parent, sizeof(parent), "%s/.cache", folder);
    assert_int_equal(mkdir(parent, 0700) || mkdir(cache, 0700), 0);
    assert_int_equal(chmod(cache, 0777), 0);
    assert_int_equal(module_use_cache(cache, &d), ERR_REFUSED);
    assert_non_null(strstr(d.text, cache));
    assert_int_equal(chmod(cache, 0700), 0);
    /* One that cannot be made keeps nobody from working. */
    struct code c;
    make_code(&c, 20000, 8);
    assert_int_equal(module_use_cache("/proc/nothing/here", &d), OK);
    assert_non_null(module_of(&c, &d));
    assert_int_equal(entries_of(folder), 0);
    buf_release(&c.wasm);
    assert_int_equal(module_use_cache(NULL, &d), OK);
}

/* A refusal is the code's, so it is the same whether it was kept or not; and is not kept. */
static void
cache__keeps_no_refusal(void **state)
{
    struct str wasm = {"\0asm\1\0\0\0\7", 9};
    struct hash hash = hash_of_bytes(wasm);
    enum prepare_error refused;
    (void)state;
    assert_int_equal(module_use_cache(cache, NULL), OK);
    assert_null(module_of_code(wasm, &hash, &refused, NULL));
    assert_int_equal(refused, PREPARE_DESERIALIZATION);
    assert_int_equal(entries_of(cache), 0);
    assert_int_equal(module_use_cache(NULL, NULL), OK);
}

/* --- the result as bytes ------------------------------------------------------------------ */

static void
prepared_read__reads_what_was_written__and_nothing_else(void **state)
{
    struct meter_method methods[] = {{STR("a"), false}, {STR(""), true}, {STR("b\0c"), false}};
    struct prepared p = {.refused = PREPARE_MEMORY,
                         .reason = STR("because"),
                         .methods = methods,
                         .method_count = ARRAY_LEN(methods),
                         .has_link_error = true,
                         .link_error = STR("link"),
                         .object_size = 77},
                    back;
    struct arena arena;
    struct buf bytes;
    (void)state;
    arena_init(&arena);
    buf_init(&bytes, 10000);
    prepared_write(&p, &bytes);
    assert_true(prepared_read(buf_str(&bytes), &arena, &back));
    assert_int_equal(back.refused, PREPARE_MEMORY);
    assert_true(str_equal_c(back.reason, "because") && str_equal_c(back.link_error, "link"));
    assert_int_equal(back.method_count, 3);
    assert_true(str_equal(back.methods[2].name, STR("b\0c")));
    assert_true(back.methods[1].has_bad_signature);
    assert_int_equal(back.object_size, 77);
    for (size_t n = 0; n < bytes.n; n++)
        assert_false(prepared_read(str_of(bytes.p, n), &arena, &back));
    buf_add_byte(&bytes, 0);
    assert_false(prepared_read(buf_str(&bytes), &arena, &back));
    buf_release(&bytes);
    arena_release(&arena);
}

static int
set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return 1;
    snprintf(cache, sizeof(cache), "%s/.cache/contracts", folder);
    module_on_end(on_end, NULL);
    return setenv("TMPDIR", folder, 1);
}

static int
tear_down(void **state)
{
    char parent[64];
    (void)state;
    module_forget_all();
    if (geteuid() == 0 && chown(folder, 0, 0))
        return 1;
    snprintf(parent, sizeof(parent), "%s/.cache", folder);
    rmdir(cache);
    rmdir(parent);
    return rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(module_begin__returns_at_once__and_poll_takes_it_in),
        cmocka_unit_test(module_of_code__waits__for_what_has_begun),
        cmocka_unit_test(module_begin__has_an_order__and_an_end),
        cmocka_unit_test(module_forget_all__ends_what_runs__and_leaves_nothing),
        cmocka_unit_test(module_begin__tells__when_the_machine_fails),
        cmocka_unit_test(module_of_code__tells__when_no_process_can_be_started),
        cmocka_unit_test(cache__is_not_used__when_others_may_write_there),
        cmocka_unit_test(cache__keeps_compiled_code__until_it_is_damaged),
        cmocka_unit_test(cache__keeps_no_refusal),
        cmocka_unit_test(prepared_read__reads_what_was_written__and_nothing_else),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
