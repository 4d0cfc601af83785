/* form: a new call while it is written: its fields, and what is wrong with each of them.
 *
 * The screen (screen_form.c) paints it and takes keys; the front reads it when it is to be sent
 * and puts in what has to be confirmed first. Nothing here signs or sends. */
#ifndef TUI_VIEW_FORM_H
#define TUI_VIEW_FORM_H

#include "net/base/err.h"
#include "tui/input/text.h"
#include "tui/view/screen.h"

enum form_field { FORM_CONTRACT, FORM_METHOD, FORM_ARGS, FORM_GAS, FORM_DEPOSIT, FORM_SIGNER,
                  FORM_SEND, FORM_FIELDS };
enum { FORM_QUESTION_MAX = 8 * 1024 };

struct form {
    bool is_begun;
    enum form_field focus;
    struct line line[FORM_FIELDS];          /* that of the arguments is not used */
    struct text args;
    int args_top;                           /* first line of them that is seen */
    size_t back;                            /* how far in the calls before; 0: none */
    size_t signer;                          /* the last one that was chosen, with one added */
    char question[FORM_QUESTION_MAX];       /* what it is and can cost, to be confirmed; or empty */
    bool is_confirmed;                      /* a person has said yes to that */
};

/* Never NULL: begun when it was not. */
struct form *form_of(struct ui *ui, const struct snapshot *s);
/* As that call was; false: it is none that a form can hold. */
bool form_fill(struct form *form, const struct call *c);
/* OK, or why that field cannot be sent; *at is the byte that is wrong, or SIZE_MAX. */
enum err form_check(const struct form *form, enum form_field field, size_t *at, struct diag *d)
    MUST_USE;
/* The first field that is wrong, or FORM_FIELDS. */
enum form_field form_wrong(const struct form *form);

#endif
