/* The PDF as its readers find it: drawn from the example report, read back with other people's
 * tools. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "check.h"
#include "example_report.h"
#include "render/render.h"

struct bench {
    struct arena a, rows;
    const struct theme *theme;
    struct report *report;
    char dir[64];
    char *path;
    struct render_notes notes;
    struct err err;
};

static bool set_up(struct bench *b, size_t register_rows)
{
    *b = (struct bench){.dir = "/tmp/auditpress-pdf-XXXXXX"};
    b->theme = theme_load(&b->a, "templates", STR("default"), &b->err);
    b->report = example_report_in(&b->a, &b->rows, register_rows);
    if (!mkdtemp(b->dir))
        return false;
    b->path = str_z(&b->a, str_print(&b->a, "%s/report.pdf", b->dir));
    return b->theme != NULL;
}

static void tear_down(struct bench *b)
{
    struct err err = {0};

    if (!dir_remove(b->dir, &err))
        printf("%s\n", err.text);
    arena_free(&b->a);
    arena_free(&b->rows);
}

static bool draw(struct bench *b)
{
    const struct renderer *pdf = renderer_find(STR("pdf"));

    return pdf && pdf->render(b->report, b->theme, &b->a, b->path, &b->notes, &b->err);
}

/* What `command FILE` prints; absent when it cannot be run or fails. */
static str run(struct bench *b, const char *before, const char *after)
{
    str command = str_print(&b->a, "%s '%s' %s 2>&1", before, b->path, after);
    FILE *pipe = popen(str_z(&b->a, command), "r");
    struct buf out = {0};
    char part[4096];
    size_t n;
    str text;

    if (!pipe)
        return STR_NONE;
    while ((n = fread(part, 1, sizeof part, pipe)) > 0)
        buf_add(&out, (str){part, n});
    text = buf_str_copy(&out, &b->a);
    buf_free(&out);
    return pclose(pipe) == 0 ? text : STR_NONE;
}

/* Text without white space, to compare what was wrapped. */
static str squeeze(struct bench *b, str text)
{
    char *out = arena_alloc(&b->a, text.len + 1, 1);
    size_t n = 0;

    for (size_t k = 0; k < text.len; k++) {
        if (text.ptr[k] != ' ' && text.ptr[k] != '\n' && text.ptr[k] != '\f')
            out[n++] = text.ptr[k];
    }
    return (str){out, n};
}

static bool says(struct bench *b, str text, const char *words)
{
    return str_contains(squeeze(b, text), squeeze(b, str_from(words)));
}

TEST(a_strict_reader_finds_nothing_wrong)
{
    struct bench b;

    CHECK(set_up(&b, 60));
    CHECK(draw(&b));
    CHECK(str_contains(run(&b, "qpdf --check", ""), STR("No syntax or stream encoding errors")));
    tear_down(&b);
}

TEST(every_font_is_embedded_cut_and_can_be_copied_from)
{
    struct bench b;
    str list, line;
    size_t fonts = 0;

    CHECK(set_up(&b, 60));
    CHECK(draw(&b));
    list = run(&b, "pdffonts", "");
    while (list.len) {
        line = str_cut(&list, '\n');
        if (!str_contains(line, STR("+")))
            continue;
        fonts++;
        CHECK(str_contains(line, STR("CID TrueType")));
        CHECK(str_contains(line, STR("yes yes yes")));
    }
    CHECK_INT(fonts, 6);
    tear_down(&b);
}

TEST(awkward_text_comes_back_as_it_was_shown)
{
    struct bench b;
    str text;

    CHECK(set_up(&b, 10));
    b.report->state = STR("FINAL");
    CHECK(draw(&b));
    text = run(&b, "pdftotext -raw", "-");
    for (size_t k = 0; k < EXAMPLE_NAWKWARD; k++) {
        const struct example_awkward *w = &example_awkward[k];

        /* Mixed directions come back in the reader's own order; the words are checked below. */
        if (strcmp(w->name, "Hebrew") == 0 || strcmp(w->name, "Arabic") == 0 ||
            strcmp(w->name, "Emoji") == 0)
            continue;
        if (!says(&b, text, w->shown))
            printf("%s\n", w->name);
        CHECK(says(&b, text, w->shown));
    }
    CHECK(says(&b, text, "deploy [U+1F680] done [U+1F512]"));
    text = run(&b, "pdftotext -layout", "-");
    CHECK(says(&b, text, "דנה") && says(&b, text, "לוי") && says(&b, text, "שלום"));
    CHECK(says(&b, text, "سلام") && says(&b, text, "عالم") && says(&b, text, "ليلى"));
    CHECK_INT(b.notes.characters_not_shown, 2);
    tear_down(&b);
}

TEST(a_text_of_forty_thousand_characters_is_there_to_the_last_one)
{
    struct bench b;
    const struct table *t = NULL;
    str text, big;
    size_t at = 0;

    CHECK(set_up(&b, 10));
    b.report->state = STR("FINAL");
    CHECK(draw(&b));
    for (const struct section *s = b.report->sections; s; s = s->next) {
        if (str_eq(s->anchor, STR("strings")))
            t = s->blocks->table;
    }
    CHECK(t != NULL);
    big = squeeze(&b, t->values[(t->nrows - 1) * 3 + 1].text);
    text = squeeze(&b, run(&b, "pdftotext -raw", "-"));
    /* Every piece of 30 characters that is not cut by the head or foot of a page; at most 40 are.
     */
    for (size_t k = 0, missing = 0; k + 30 <= big.len; k += 30) {
        missing += !str_contains(text, str_part(big, k, k + 30));
        CHECK(missing <= 40);
        at = k + 30;
    }
    CHECK(at > 39000);
    CHECK(str_contains(text, str_part(big, big.len - 30, big.len)));
    tear_down(&b);
}

TEST(the_same_report_gives_the_same_bytes)
{
    struct bench one, two;
    str a, b;

    CHECK(set_up(&one, 200) && set_up(&two, 200));
    CHECK(draw(&one) && draw(&two));
    CHECK(file_read(&one.a, one.path, 0, &a, &one.err));
    CHECK(file_read(&two.a, two.path, 0, &b, &two.err));
    CHECK(a.len > 50000);
    CHECK(str_eq(a, b));
    CHECK_INT(one.notes.pages, two.notes.pages);
    tear_down(&one);
    tear_down(&two);
}

static void *draw_in_thread(void *bench)
{
    return draw(bench) ? bench : NULL;
}

TEST(two_threads_draw_the_same_bytes)
{
    struct bench b[2];
    pthread_t threads[2];
    str bytes[2];
    void *ok[2];

    CHECK(set_up(&b[0], 300) && set_up(&b[1], 300));
    for (int k = 0; k < 2; k++)
        CHECK_INT(pthread_create(&threads[k], NULL, draw_in_thread, &b[k]), 0);
    for (int k = 0; k < 2; k++)
        CHECK_INT(pthread_join(threads[k], &ok[k]), 0);
    CHECK(ok[0] && ok[1]);
    for (int k = 0; k < 2; k++)
        CHECK(file_read(&b[k].a, b[k].path, 0, &bytes[k], &b[k].err));
    CHECK(str_eq(bytes[0], bytes[1]));
    tear_down(&b[0]);
    tear_down(&b[1]);
}

TEST(every_page_says_what_it_belongs_to)
{
    struct bench b;
    str text, page;
    size_t n = 0;

    CHECK(set_up(&b, 100));
    CHECK(draw(&b));
    text = run(&b, "pdftotext -raw", "-");
    for (; text.len; n++) {
        page = str_cut(&text, '\f');
        if (page.len == 0)
            break;
        CHECK(str_contains(page, b.report->id));
        CHECK(str_contains(page, b.report->period));
        CHECK(str_contains(page, STR("production")));
        CHECK(str_contains(page, STR("9f2c7be15d0a")));
        CHECK(str_contains(page, STR("DRAFT")));
        CHECK(str_contains(page, STR("CONFIDENTIAL — RESTRICTED DISTRIBUTION")));
        CHECK(str_contains(page, str_print(&b.a, "Page %zu of %d", n + 1, (int)b.notes.pages)));
    }
    CHECK_INT(n, b.notes.pages);
    tear_down(&b);
}

TEST(a_final_report_has_no_draft_mark)
{
    struct bench b;
    str text;

    CHECK(set_up(&b, 10));
    b.report->state = STR("FINAL");
    CHECK(draw(&b));
    text = run(&b, "pdftotext -raw", "-");
    CHECK(text.len > 0);
    CHECK(!str_contains(text, STR("DRAFT")));
    tear_down(&b);
}

TEST(a_list_that_is_cut_says_which_rows_these_are)
{
    struct bench b;
    str text;

    CHECK(set_up(&b, 2345));
    CHECK(draw(&b));
    text = run(&b, "pdftotext -layout", "-");
    CHECK(says(&b, text, "Rows 1–2,000 of 2,345; all rows: workbook, sheet “Events”"));
    CHECK(says(&b, text, "92,000"));
    CHECK(!says(&b, text, "92,001"));
    tear_down(&b);
}

TEST(an_empty_table_says_so_in_a_sentence)
{
    struct bench b;

    CHECK(set_up(&b, 0));
    CHECK(draw(&b));
    CHECK(says(&b, run(&b, "pdftotext -layout", "-"), "No events in this period."));
    tear_down(&b);
}

TEST(titles_and_dates_come_from_the_report)
{
    struct bench b;
    str info;

    CHECK(set_up(&b, 10));
    b.report->title = STR("Änderungen \U0001F512 監査");
    CHECK(draw(&b));
    info = run(&b, "TZ=UTC pdfinfo", "");
    CHECK(says(&b, info, "Title: Änderungen \U0001F512 監査"));
    CHECK(says(&b, info, "Author: Tarn & Alder Payments GmbH"));
    CHECK(says(&b, info, "Creator: auditpress 0.1.0"));
    CHECK(says(&b, info, "CreationDate: Mon Nov 2 06:00:00 2026 UTC"));
    CHECK(says(&b, info, "ModDate: Mon Nov 2 06:00:00 2026 UTC"));
    CHECK(says(&b, info, "Metadata Stream: yes"));
    CHECK(says(&b, info, "Page size: 595.276 x 841.89 pts (A4)"));
    tear_down(&b);
}

TEST(an_exception_links_to_its_sequence_of_events)
{
    struct bench b;
    str pdf;

    CHECK(set_up(&b, 10));
    CHECK(draw(&b));
    pdf = run(&b, "qpdf --qdf --object-streams=disable", "-");
    CHECK(str_contains(pdf, STR("/Subtype /Link")));
    CHECK(str_contains(pdf, STR("/XYZ")));
    CHECK(str_contains(pdf, STR("/DisplayDocTitle true")));
    CHECK(str_contains(pdf, STR("/Lang (en)")));
    CHECK(str_contains(pdf, STR("/Outlines")));
    CHECK(str_contains(pdf, STR("/ID [<9f2c7be15d0a4e3388c1f7a2a0c45d9b>")));
    tear_down(&b);
}

struct word {
    double x1, y1, x2, y2;
};

static bool read_word(str line, struct word *out)
{
    char text[160] = "";

    memcpy(text, line.ptr, line.len < sizeof text - 1 ? line.len : sizeof text - 1);
    return sscanf(text, " <word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\"", &out->x1,
                  &out->y1, &out->x2, &out->y2) == 4;
}

static bool overlap(const struct word *a, const struct word *b)
{
    double x = (a->x2 < b->x2 ? a->x2 : b->x2) - (a->x1 > b->x1 ? a->x1 : b->x1);
    double y = (a->y2 < b->y2 ? a->y2 : b->y2) - (a->y1 > b->y1 ? a->y1 : b->y1);

    return x > 0.8 && y > 3.2;
}

/* Words of the drawn report, when none stands over the margin or over another word; 0 otherwise. */
static size_t words_in_place(struct bench *b)
{
    str text = run(b, "pdftotext -bbox", "-");
    struct word *words = arena_new(&b->a, struct word, 40000);
    size_t n = 0, total = 0;
    double width = 0;

    while (text.len) {
        str line = str_cut(&text, '\n');
        struct word w;

        if (str_contains(line, STR("<page "))) {
            n = 0;
            width = strtod(line.ptr + str_find(line, STR("width=")) + 7, NULL);
        }
        if (!read_word(line, &w))
            continue;
        for (size_t k = 0; k < n; k++) {
            if (overlap(&w, &words[k])) {
                printf("over another: %.*s\n", STR_FMT(line));
                return 0;
            }
        }
        if (w.x1 < 40 || w.x2 > width - 40 || w.y2 > 835) {
            printf("over the margin: %.*s\n", STR_FMT(line));
            return 0;
        }
        words[n++] = w;
        total++;
    }
    return total;
}

TEST(no_word_runs_over_the_margin_or_over_another_word)
{
    struct bench b;

    CHECK(set_up(&b, 60));
    b.report->state = STR("FINAL");
    CHECK(draw(&b));
    CHECK(words_in_place(&b) > 2000);
    tear_down(&b);
}

/* Puts `big` wherever a text may come from a log or a configuration. */
static void make_everything_long(struct bench *b, str big)
{
    struct report *r = b->report;

    r->title = r->subtitle = r->classification = r->environment = r->period = big;
    r->prepared_for = r->frameworks = r->organization = r->id = r->program = big;
    for (struct section *s = r->sections; s; s = s->next) {
        s->title = s->purpose = s->number = str_part(big, 0, 400);
        for (struct block *block = s->blocks; block; block = block->next) {
            struct chart *charts[2] = {NULL, NULL};
            struct fact *facts = arena_new(&b->a, struct fact, block->nfacts);
            struct tile *tiles = arena_new(&b->a, struct tile, block->ntiles);
            struct step *steps = arena_new(&b->a, struct step, block->nsteps);

            block->title = str_part(big, 0, 300);
            block->text = big;
            for (size_t k = 0; k < block->nfacts; k++)
                facts[k] = (struct fact){.name = big, .value = big, .mark = MARK_HIGH};
            for (size_t k = 0; k < block->ntiles; k++)
                tiles[k] = (struct tile){.label = big, .value = big, .note = big};
            for (size_t k = 0; k < block->nsteps; k++)
                steps[k] = (struct step){.title = big, .note = big};
            block->facts = facts;
            block->tiles = tiles;
            block->steps = steps;
            for (int k = 0; k < 2; k++) {
                const struct chart *old = k ? block->chart2 : block->chart;
                str *names;

                if (!old)
                    continue;
                charts[k] = arena_new(&b->a, struct chart, 1);
                *charts[k] = *old;
                charts[k]->title = charts[k]->subtitle = str_part(big, 0, 200);
                charts[k]->note = charts[k]->total_label = big;
                names = arena_new(&b->a, str, old->ncategories);
                for (size_t c = 0; c < old->ncategories; c++)
                    names[c] = big;
                charts[k]->categories = names;
            }
            block->chart = charts[0];
            block->chart2 = charts[1];
        }
    }
}

TEST(texts_without_end_stay_on_the_page)
{
    struct bench b;
    char *big;

    CHECK(set_up(&b, 10));
    b.report->state = STR("FINAL");
    big = arena_alloc(&b.a, 9000, 1);
    for (size_t k = 0; k < 9000; k++)
        big[k] = k % 97 == 96 ? ' ' : "abcdefghij-klmnop/qrstuvwxyz_0123456789"[k * k % 39];
    make_everything_long(&b, (str){big, 9000});
    CHECK(draw(&b));
    CHECK(words_in_place(&b) > 5000);
    CHECK(str_contains(run(&b, "qpdf --check", ""), STR("No syntax or stream encoding errors")));
    tear_down(&b);
}

TEST(a_register_of_three_hundred_pages_is_drawn)
{
    struct bench b;
    struct table *t = NULL;

    CHECK(set_up(&b, 9000));
    for (struct section *s = b.report->sections; s; s = s->next) {
        if (str_eq(s->anchor, STR("register"))) {
            t = arena_new(&b.a, struct table, 1);
            *t = *s->blocks->table;
            t->pdf_limit = 0;
            s->blocks->table = t;
        }
    }
    CHECK(t != NULL);
    CHECK(draw(&b));
    CHECK(b.notes.pages > 300);
    CHECK(b.notes.rows > 9000);
    CHECK(says(&b, run(&b, "pdftotext -layout", "-"), "99,000"));
    tear_down(&b);
}

static bool end_early(void *state, struct value *values, struct err *err)
{
    struct example_register *reg = state;

    return reg->at < 3 && example_register_next(state, values, err);
}

TEST(a_source_that_ends_early_ends_the_report_and_leaves_no_file)
{
    struct bench b;

    CHECK(set_up(&b, 10));
    for (struct section *s = b.report->sections; s; s = s->next) {
        if (str_eq(s->anchor, STR("register"))) {
            struct table *t = arena_new(&b.a, struct table, 1);

            *t = *s->blocks->table;
            t->source.next = end_early;
            s->blocks->table = t;
        }
    }
    CHECK(!draw(&b));
    CHECK_STR(str_from(b.err.text), "cannot draw the PDF: section 'Event register': a table ended "
                                    "after 3 of 10 rows");
    CHECK(!file_exists(b.path));
    tear_down(&b);
}

/* A limit on the size of files stands in for a full disk. */
TEST(a_disk_that_is_full_is_an_error_and_leaves_no_file)
{
    struct bench b;
    struct rlimit before, small;
    struct path_list left;
    bool ok;

    CHECK(set_up(&b, 10));
    CHECK_INT(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 20000;
    signal(SIGXFSZ, SIG_IGN);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &small), 0);
    ok = draw(&b);
    CHECK_INT(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_DFL);
    CHECK(!ok);
    CHECK_INT(b.err.kind, ERR_IO);
    CHECK(dir_list(&b.a, b.dir, &left, &b.err));
    CHECK_INT(left.count, 0);
    tear_down(&b);
}

TEST(a_folder_that_is_not_there_is_an_error)
{
    struct bench b;

    CHECK(set_up(&b, 10));
    b.path = str_z(&b.a, str_print(&b.a, "%s/none/report.pdf", b.dir));
    CHECK(!draw(&b));
    CHECK_INT(b.err.kind, ERR_IO);
    tear_down(&b);
}
