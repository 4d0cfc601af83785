#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>
#include "net/url.h"

static const struct {
    const char *text, *host, *path, *host_text;
    unsigned port;
    bool is_secure, is_websocket, is_loopback;
} good[] = {
    {"http://127.0.0.1:3030", "127.0.0.1", "/", "127.0.0.1:3030", 3030, false, false, true},
    {"https://rpc.testnet.near.org/", "rpc.testnet.near.org", "/", "rpc.testnet.near.org", 443,
     true, false, false},
    {"ws://localhost:1/events/x?y=1", "localhost", "/events/x?y=1", "localhost:1", 1, false,
     true, true},
    {"WSS://Host/a", "Host", "/a", "Host", 443, true, true, false},
    {"http://[::1]:65535/x", "::1", "/x", "[::1]:65535", 65535, false, false, true},
    {"http://[2001:db8::1]", "2001:db8::1", "/", "[2001:db8::1]", 80, false, false, false},
    {"http://h?q", "h", "/?q", "h", 80, false, false, false},
};

static void
url_parse__takes_an_address_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct url url;
        struct diag d = {0};
        char text[URL_HOST_MAX + 8];
        if (url_parse(str_from(good[i].text), &url, &d))
            fail_msg("%s", diag_text(&d));
        assert_string_equal(url.host, good[i].host);
        assert_string_equal(url.path, good[i].path);
        assert_string_equal(url_host_text(&url, text), good[i].host_text);
        assert_int_equal(url.port, good[i].port);
        assert_int_equal(url.is_secure, good[i].is_secure);
        assert_int_equal(url.is_websocket, good[i].is_websocket);
        assert_int_equal(url.is_loopback, good[i].is_loopback);
    }
}

static void
url_parse__says_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } bad[] = {
        {"", "an address starts with"},
        {"127.0.0.1:3030", "an address starts with"},
        {"file:///etc/passwd", "an address starts with"},
        {"http://", "no host"},
        {"http:///x", "no host"},
        {"http://:80", "no host"},
        {"http://user@host/", "no user and no password"},
        {"http://ho st/", "no host"},
        {"http://host:", "no host"},
        {"http://[::1", "no host"},
        {"http://[::1]x", "no host"},
        {"http://[::1]:", "no host"},
        {"http://host:0", "a port is a number from 1 to 65535"},
        {"http://host:65536", "a port is a number from 1 to 65535"},
        {"http://host:http", "a port is a number from 1 to 65535"},
        {"http://host/a b", "the path has a blank in it"},
        {"http://host/\r\nX: y", "the path has a blank in it"},
    };
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct url url;
        struct diag d = {0};
        assert_int_not_equal(url_parse(str_from(bad[i].text), &url, &d), OK);
        if (!strstr(diag_text(&d), bad[i].part))
            fail_msg("%s: %s", bad[i].text, diag_text(&d));
    }
    char longest[2000];
    struct url url;
    memset(longest, 'a', sizeof(longest));
    memcpy(longest, "http://", 7);
    assert_int_not_equal(url_parse(str_of(longest, sizeof(longest)), &url, NULL), OK);
    longest[20] = '/';
    assert_int_not_equal(url_parse(str_of(longest, sizeof(longest)), &url, NULL), OK);
}

/* A password or a key that was written into one stays where it is. */
static void
url_parse__says_no_more_than_the_host(void **state)
{
    (void)state;
    static const char *const bad[] = {"http://me:hidden@host/", "http://me:hidden@host:http/hidden",
                                      "https//host/hidden", "host:80/hidden", "http://h:0/hidden",
                                      "http://host/hidden a", "http://h t?key=hidden"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct url url;
        struct diag d = {0};
        assert_int_not_equal(url_parse(str_from(bad[i]), &url, &d), OK);
        if (strstr(diag_text(&d), "hidden"))
            fail_msg("%s: %s", bad[i], diag_text(&d));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(url_parse__takes_an_address_apart),
        cmocka_unit_test(url_parse__says_what_is_wrong),
        cmocka_unit_test(url_parse__says_no_more_than_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
