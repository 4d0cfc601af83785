/* The prompt for a transaction to be followed: says what it expects, then what it takes the text
 * for, and where that cannot be one. */
#include <stdio.h>
#include "tui/model/target.h"
#include "tui/view/screen.h"

static void
say_what_it_is(const struct target *t, struct str text, const struct snapshot *s,
               struct prompt_answer *answer)
{
    size_t room = sizeof(answer->text);
    const struct target_place here = {s->network, s->chain_id, s->explorer};
    answer->is_wrong = target_is_elsewhere(t, text, &here);
    if (answer->is_wrong)
        snprintf(answer->text, room, "that is of %s, and this is %s", t->network, s->network);
    else if (t->is_page)
        snprintf(answer->text, room, "a page of %s", t->network ? t->network : "an explorer");
    else if (t->signer.s[0])
        snprintf(answer->text, room, "signed by %s", t->signer.s);
    else
        snprintf(answer->text, room, "a transaction, or a receipt of one");
}

enum ui_effect
watch_ask(struct ui *ui, const struct frame *f, struct str text, bool is_done,
          struct prompt_answer *answer)
{
    struct target target;
    struct diag d = {0};
    if (!str_trim(text).n) {
        snprintf(answer->text, sizeof(answer->text),
                 "hash, account:hash, receipt id, explorer address");
        return UI_REPAINT;
    }
    if (target_parse(text, &target, &answer->column, &d)) {
        /* What only is too short is not wrong yet. */
        answer->is_wrong = is_done || answer->column < text.n;
        snprintf(answer->text, sizeof(answer->text), "%s", diag_text(&d));
        return UI_REPAINT;
    }
    say_what_it_is(&target, text, f->s, answer);
    if (answer->is_wrong || !is_done || !str_copy(text, ui->asked, sizeof(ui->asked)))
        return UI_REPAINT;
    return UI_WATCH;
}
