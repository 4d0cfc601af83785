#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "net/base/macros.h"
#include "net/proxy.h"

static const char *const variables[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
                                        "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"};

static int
forget(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(variables); i++)
        unsetenv(variables[i]);
    return 0;
}

static struct url
url_of(const char *text)
{
    struct url url;
    assert_int_equal(url_parse(str_from(text), &url, NULL), OK);
    return url;
}

/* Names and networks of IPv4 as libcurl judges them; it knows no ports, and IPv6 hardly. */
static const struct {
    const char *list, *url;
    bool is_passed_by;
} rows[] = {
    {"*", "wss://feed.example.org/", true},
    {" * ", "wss://feed.example.org/", true},
    {"", "wss://feed.example.org/", false},
    {"*.org", "wss://feed.example.org/", false},
    {"feed.example.org", "wss://feed.example.org/", true},
    {"FEED.Example.org", "wss://feed.example.ORG/", true},
    {"example.org", "wss://feed.example.org/", true},
    {".example.org", "wss://feed.example.org/", true},
    {".example.org", "wss://example.org/", true},
    {"example.org.", "wss://feed.example.org/", true},
    {"example.org", "wss://feed.example.org./", true},
    {"ample.org", "wss://example.org/", false},
    {"example.org", "wss://example.org.evil.net/", false},
    {"deep.feed.example.org", "wss://feed.example.org/", false},
    {".", "wss://feed.example.org/", false},
    {"a.net, ,,b.net feed.example.org", "wss://feed.example.org/", true},
    {"a.net b.net", "wss://feed.example.org/", false},
    {"feed.example.org:443", "wss://feed.example.org/", true},
    {"feed.example.org:443", "wss://feed.example.org:8443/", false},
    {"example.org:8443", "wss://feed.example.org:8443/", true},
    {"feed.example.org:", "wss://feed.example.org/", false},
    {"feed.example.org:x", "wss://feed.example.org/", false},
    {"10.1.2.3", "wss://10.1.2.3/", true},
    {"10.1.2.4", "wss://10.1.2.3/", false},
    {"2.3", "wss://10.1.2.3/", false},
    {"10.0.0.0/8", "wss://10.1.2.3/", true},
    {"10.0.0.0/15", "wss://10.1.2.3/", true},
    {"10.0.0.0/16", "wss://10.1.2.3/", false},
    {"10.1.2.0/31", "wss://10.1.2.3/", false},
    {"10.1.2.2/31", "wss://10.1.2.3/", true},
    {"10.1.2.3/32", "wss://10.1.2.3/", true},
    {"10.1.2.3/33", "wss://10.1.2.3/", false},
    {"10.1.2.3/x", "wss://10.1.2.3/", false},
    {"10.1.2.3:443", "wss://10.1.2.3/", true},
    {"10.1.2.3:444", "wss://10.1.2.3/", false},
    {"10.0.0.0/8", "wss://ten.example.org/", false},
    {"fd00::1", "wss://[fd00::1]/", true},
    {"fd00:0::1", "wss://[fd00::1]/", true},
    {"fd00::/8", "wss://[fd12::1]/", true},
    {"fd00::/16", "wss://[fd12::1]/", false},
    {"[fd00::1]", "wss://[fd00::1]/", true},
    {"[fd00::1]:443", "wss://[fd00::1]/", true},
    {"[fd00::1]:444", "wss://[fd00::1]/", false},
    {"[fd00::1", "wss://[fd00::1]/", false},
    {"fd00::1", "wss://10.1.2.3/", false},
};

static void
proxy_is_passed_by__goes_by_the_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct url url = url_of(rows[i].url);
        if (proxy_is_passed_by(str_from(rows[i].list), &url) != rows[i].is_passed_by)
            fail_msg("\"%s\" and %s", rows[i].list, rows[i].url);
    }
}

static const char *
variable(const char *text)
{
    struct url url = url_of(text);
    return proxy_variable(&url);
}

static void
proxy_variable__is_that_of_the_scheme(void **state)
{
    (void)state;
    assert_null(variable("wss://feed.example.org/"));
    setenv("ALL_PROXY", "http://a", 1);
    assert_string_equal(variable("wss://feed.example.org/"), "ALL_PROXY");
    setenv("all_proxy", "http://a", 1);
    assert_string_equal(variable("http://rpc.example.org/"), "all_proxy");
    setenv("http_proxy", "http://a", 1);
    assert_string_equal(variable("http://rpc.example.org/"), "http_proxy");
    assert_string_equal(variable("wss://feed.example.org/"), "all_proxy");
    setenv("HTTPS_PROXY", "http://a", 1);
    assert_string_equal(variable("wss://feed.example.org/"), "HTTPS_PROXY");
    setenv("https_proxy", "http://a", 1);
    assert_string_equal(variable("wss://feed.example.org/"), "https_proxy");
    /* Empty: not there. This machine: never. */
    setenv("https_proxy", "", 1);
    assert_string_equal(variable("wss://feed.example.org/"), "HTTPS_PROXY");
    assert_null(variable("wss://127.0.0.1/"));
    assert_null(variable("wss://localhost:1/"));
    /* A visitor of a web server may have written this one. */
    forget(NULL);
    setenv("HTTP_PROXY", "http://a", 1);
    assert_null(variable("http://rpc.example.org/"));
}

static void
proxy_variable__is_none__when_no_proxy_names_the_host(void **state)
{
    (void)state;
    setenv("https_proxy", "http://a", 1);
    setenv("NO_PROXY", "example.org", 1);
    assert_null(variable("wss://feed.example.org/"));
    assert_string_equal(variable("wss://feed.example.com/"), "https_proxy");
    /* The one in small letters is the one that counts, unless it is empty. */
    setenv("no_proxy", "example.com", 1);
    assert_string_equal(variable("wss://feed.example.org/"), "https_proxy");
    setenv("no_proxy", "", 1);
    assert_null(variable("wss://feed.example.org/"));
}

static void
proxy_read__takes_it_apart(void **state)
{
    (void)state;
    static const struct {
        const char *value, *host, *login;
        unsigned port;
        bool is_ipv6;
    } good[] = {
        {"http://proxy.example.org:3128", "proxy.example.org", "", 3128, false},
        {"HTTP://proxy.example.org:3128/", "proxy.example.org", "", 3128, false},
        {"proxy.example.org:80", "proxy.example.org", "", 80, false},
        {"proxy.example.org", "proxy.example.org", "", 1080, false},
        {"http://[fd00::1]:3128", "fd00::1", "", 3128, true},
        {"http://me:secret@10.0.0.1:3128", "10.0.0.1", "me:secret", 3128, false},
        {"http://me%40home:a%3ab%2G%@10.0.0.1:3128", "10.0.0.1", "me@home:a:b%2G%", 3128, false},
        {"me:a@b@10.0.0.1:3128", "10.0.0.1", "me:a@b", 3128, false},
    };
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct proxy p;
        struct diag d = {0};
        setenv("https_proxy", good[i].value, 1);
        if (proxy_read("https_proxy", &p, &d))
            fail_msg("%s: %s", good[i].value, diag_text(&d));
        assert_string_equal(p.host, good[i].host);
        assert_string_equal(p.login, good[i].login);
        assert_int_equal(p.port, good[i].port);
        assert_int_equal(p.is_ipv6, good[i].is_ipv6);
    }
}

static void
proxy_read__says_what_is_wrong__and_nothing_of_the_value(void **state)
{
    (void)state;
    static const struct {
        const char *value, *part;
        enum err error;
    } bad[] = {
        {"socks5://me:sesame@10.0.0.1:1080", "(https_proxy) is none of http://", ERR_UNSUPPORTED},
        {"https://me:sesame@10.0.0.1:1080", "(https_proxy) is none of http://", ERR_UNSUPPORTED},
        {"http://me:sesame@", "(https_proxy): \"http://host:port\" would be right", ERR_SYNTAX},
        {"http://sesame sesame:1", "(https_proxy): \"http://host:port\" would be right", ERR_SYNTAX},
        {"http://sesame:99999", "(https_proxy): \"http://host:port\" would be right", ERR_SYNTAX},
        {"http://sesame%00:x@10.0.0.1:1", "a user and a password of more than 91", ERR_TOO_LARGE},
        {"http://sesame567890123456789012345678901234567890123456789012345678901234567890123456789012"
         "3456789012@10.0.0.1:1", "a user and a password of more than 91 bytes", ERR_TOO_LARGE},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct proxy p;
        struct diag d = {0};
        setenv("https_proxy", bad[i].value, 1);
        assert_int_equal(proxy_read("https_proxy", &p, &d), bad[i].error);
        if (!strstr(diag_text(&d), bad[i].part))
            fail_msg("%s: %s", bad[i].value, diag_text(&d));
        assert_null(strstr(diag_text(&d), "sesame"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, forget, forget)
        TEST(proxy_is_passed_by__goes_by_the_list),
        TEST(proxy_variable__is_that_of_the_scheme),
        TEST(proxy_variable__is_none__when_no_proxy_names_the_host),
        TEST(proxy_read__takes_it_apart),
        TEST(proxy_read__says_what_is_wrong__and_nothing_of_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
