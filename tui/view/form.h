/* form: a new call while it is written: its fields, what is wrong with each of them, and what it
 * can cost.
 *
 * form.c has the values, form_list.c the list to choose from (calls to begin with, or keys),
 * screen_form.c paints, act_form.c takes keys and the mouse. The front reads the form when it is
 * to be sent and puts in what has to be confirmed first. Nothing here signs or sends.
 *
 * What a person typed is never lost to what is filled in: it becomes the draft, which comes
 * back like the newest of the earlier calls. Leaving the screen keeps everything. */
#ifndef TUI_VIEW_FORM_H
#define TUI_VIEW_FORM_H

#include "net/base/err.h"
#include "tui/input/text.h"
#include "tui/view/offer.h"
#include "tui/view/screen.h"

enum form_field { FORM_CONTRACT, FORM_METHOD, FORM_ARGS, FORM_GAS, FORM_DEPOSIT, FORM_SIGNER,
                  FORM_SEND, FORM_FIELDS };
enum form_list { FORM_LIST_NONE, FORM_LIST_CALLS, FORM_LIST_SIGNERS };
enum { FORM_QUESTION_MAX = 8 * 1024, FORM_WORDS_MAX = 1024 };

struct form_values {
    struct line line[FORM_FIELDS];          /* that of the arguments is not used */
    struct text args;
};

struct form {
    bool is_begun;
    enum form_field focus;
    struct form_values now;
    struct form_values draft;               /* what was typed before something was filled in */
    bool has_draft;
    bool is_typed;                          /* it has changed since it was begun or filled */
    size_t back;                            /* how far in the calls before; 0: none */
    size_t signer;                          /* the last one that was chosen */
    int args_top;                           /* first line of the arguments that is seen */

    enum form_list list;                    /* that is chosen from */
    struct line filter;
    size_t chosen;                          /* place among what the filter lets through */
    int list_top, list_page;

    char question[FORM_QUESTION_MAX];       /* what it is and can cost, to be confirmed; or empty */
    int question_top, question_over;        /* first line of it that is seen; how many more there are */
    bool is_confirmed;                      /* a person has said yes to that */
    int width, height;                      /* of the last frame */
};

/* Never NULL: begun when it was not. */
struct form *form_of(struct ui *ui, const struct snapshot *s);
/* As at the beginning; what was typed becomes the draft. */
void form_clear(struct form *form, const struct snapshot *s);
/* After it was sent: nothing is left of it but the draft. */
void form_end(struct form *form);
/* As that call was; false: it is none that a form can hold. */
bool form_fill(struct form *form, const struct call *c);
bool form_take(struct form *form, const struct offer *o);
/* The n-th call before this one, 0 being what was typed. False: there is none. */
bool form_go_back(struct form *form, const struct snapshot *s, int by);
/* The arguments in lines, or in one; false: they are no JSON. */
bool form_lay_out(struct form *form, int width);

/* OK, or why that field cannot be sent; *at is the byte that is wrong, or SIZE_MAX. */
enum err form_check(const struct form *form, enum form_field field, size_t *at, struct diag *d)
    MUST_USE;
/* The first field that is wrong, or FORM_FIELDS. */
enum form_field form_wrong(const struct form *form);
/* What can be sent, but will hardly go well: true, with words. */
bool form_warns(const struct form *form, const struct snapshot *s, enum form_field field,
                struct buf *out);
/* What it can cost at most, in two parts: the sum, and how it is made. False: not known yet. */
bool form_cost(const struct form *form, const struct snapshot *s, struct buf *sum, struct buf *how);
const char *form_label(enum form_field field);

#endif
