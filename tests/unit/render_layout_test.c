/* Fonts and lines: which characters can be drawn, where lines end, in which order glyphs stand. */
#include <hb.h>

#include "check.h"
#include "model/display.h"
#include "render/layout.h"

struct bench {
    struct arena a;
    const struct theme *theme;
    struct fonts *fonts;
    struct style style;
};

static bool set_up(struct bench *b)
{
    struct err err = {0};

    *b = (struct bench){.style = {.face = FACE_REGULAR, .size = 10, .leading = 12}};
    b->theme = theme_load(&b->a, "templates", STR("default"), &err);
    b->fonts = b->theme ? fonts_open(b->theme, &b->a, &err) : NULL;
    return b->fonts != NULL;
}

static void tear_down(struct bench *b)
{
    fonts_close(b->fonts);
    arena_free(&b->a);
}

static struct lines wrap(struct bench *b, const char *text, float width)
{
    return layout_lines(b->fonts, &b->style, str_from(text), width, &b->a);
}

TEST(a_line_ends_after_a_space_when_it_is_a_third_full)
{
    struct bench b;
    struct lines l;

    CHECK(set_up(&b));
    l = wrap(&b, "one two three four", 45);
    CHECK_INT(l.count, 2);
    CHECK_STR(l.line[0].text, "one two");
    CHECK_STR(l.line[1].text, "three four");
    tear_down(&b);
}

TEST(a_long_token_is_cut_behind_its_punctuation)
{
    struct bench b;
    struct lines l;

    CHECK(set_up(&b));
    l = wrap(&b, "arn:aws:iam::123456789012:role/Admin", 130);
    CHECK_INT(l.count, 2);
    CHECK_STR(l.line[0].text, "arn:aws:iam::123456789012:");
    CHECK_STR(l.line[1].text, "role/Admin");
    tear_down(&b);
}

TEST(a_token_without_punctuation_is_cut_anywhere_and_nothing_is_added)
{
    struct bench b;
    struct lines l;
    size_t len = 0;

    CHECK(set_up(&b));
    l = wrap(&b, "0a1b2c3d4e5f60718293a4b5c6d7e8f9", 50);
    CHECK(l.count > 2);
    for (size_t k = 0; k < l.count; k++) {
        CHECK(l.line[k].width <= 50.01f);
        len += l.line[k].text.len;
    }
    CHECK_INT(len, 32);
    tear_down(&b);
}

TEST(a_line_holds_at_least_one_character)
{
    struct bench b;

    CHECK(set_up(&b));
    CHECK_INT(wrap(&b, "abc", 1).count, 3);
    tear_down(&b);
}

TEST(line_breaks_of_the_text_are_kept_and_empty_lines_too)
{
    struct bench b;
    struct lines l;

    CHECK(set_up(&b));
    l = wrap(&b, "one\n\ntwo", 100);
    CHECK_INT(l.count, 3);
    CHECK_STR(l.line[1].text, "");
    CHECK_INT(wrap(&b, "", 100).count, 0);
    tear_down(&b);
}

TEST(japanese_is_cut_between_characters_but_not_before_a_full_stop)
{
    struct bench b;
    struct lines l;

    CHECK(set_up(&b));
    l = wrap(&b, "監査記録確認。", 60.5f);
    CHECK_INT(l.count, 2);
    CHECK_STR(l.line[0].text, "監査記録確");
    CHECK_STR(l.line[1].text, "認。");
    tear_down(&b);
}

TEST(what_no_font_has_is_written_as_its_code_point_and_counted_once)
{
    struct bench b;

    CHECK(set_up(&b));
    CHECK_STR(wrap(&b, "a \U0001F680 b \U0001F680", 500).line[0].text, "a [U+1F680] b [U+1F680]");
    CHECK_INT(fonts_not_shown(b.fonts), 1);
    CHECK_STR(wrap(&b, "\U0001F512", 500).line[0].text, "[U+1F512]");
    CHECK_INT(fonts_not_shown(b.fonts), 2);
    tear_down(&b);
}

TEST(digits_are_equally_wide)
{
    struct bench b;
    struct glyph zero, g;

    CHECK(set_up(&b));
    CHECK(fonts_glyph(b.fonts, FACE_REGULAR, '0', &zero));
    for (uint32_t c = '1'; c <= '9'; c++) {
        CHECK(fonts_glyph(b.fonts, FACE_REGULAR, c, &g));
        CHECK_INT(g.width, zero.width);
    }
    tear_down(&b);
}

/* What stands on the page from left to right, as the texts of its glyphs. */
static str drawn_text(struct bench *b, const char *text)
{
    struct drawn *g;
    size_t n = layout_glyphs(b->fonts, FACE_REGULAR, str_from(text), &b->a, &g);
    str out = STR("");

    for (size_t k = 0; k < n; k++) {
        struct font_subset s;
        struct err err = {0};

        if (!fonts_subset(b->fonts, g[k].font, &b->a, &s, &err))
            return STR_NONE;
        out = str_print(&b->a, "%.*s%.*s", STR_FMT(out), STR_FMT(s.texts[g[k].cid]));
    }
    return out;
}

TEST(hebrew_is_drawn_from_right_to_left_and_its_numbers_are_not)
{
    struct bench b;

    CHECK(set_up(&b));
    CHECK_STR(drawn_text(&b, "abc שלום def"), "abc םולש def");
    CHECK_STR(drawn_text(&b, "שלום 2026-10-14"), "2026-10-14 םולש");
    CHECK_STR(drawn_text(&b, "דנה approved 42"), "הנד approved 42");
    tear_down(&b);
}

TEST(brackets_around_hebrew_are_mirrored_but_copied_as_they_were)
{
    struct bench b;
    struct drawn *g;
    struct font_subset s;
    struct err err = {0};
    struct glyph closing;
    size_t n;

    CHECK(set_up(&b));
    n = layout_glyphs(b.fonts, FACE_REGULAR, STR("של (יום)"), &b.a, &g);
    CHECK_INT(n, 8);
    CHECK(fonts_glyph(b.fonts, FACE_REGULAR, '(', &closing));
    CHECK(fonts_subset(b.fonts, g[0].font, &b.a, &s, &err));
    /* The leftmost glyph looks like "(" and stands for ")". */
    CHECK_STR(s.texts[g[0].cid], ")");
    CHECK_INT(s.gids[g[0].cid], s.gids[closing.cid]);
    tear_down(&b);
}

TEST(an_arabic_ligature_carries_both_letters_in_the_order_of_the_page)
{
    struct bench b;

    CHECK(set_up(&b));
    CHECK_STR(drawn_text(&b, "سلام"), "مالس");
    tear_down(&b);
}

TEST(a_combining_mark_stays_with_its_letter)
{
    struct bench b;
    struct lines l;

    CHECK(set_up(&b));
    l = wrap(&b,
             "e\xCC\x81"
             "e\xCC\x81"
             "e\xCC\x81",
             7);
    CHECK_INT(l.count, 3);
    CHECK_STR(l.line[0].text, "e\xCC\x81");
    tear_down(&b);
}

/* --- subsets -------------------------------------------------------------------------------- */

/* A sum over all points of an outline: any lost part of a glyph changes it. */
struct outline {
    double sum;
    unsigned points;
};

static void add_point(struct outline *o, float x, float y)
{
    o->points++;
    o->sum += x * 1.37 + y * 2.11 + o->points * 0.73;
}

static void on_move(hb_draw_funcs_t *f, void *data, hb_draw_state_t *s, float x, float y, void *u)
{
    (void)f, (void)s, (void)u;
    add_point(data, x, y);
}

static void on_quadratic(hb_draw_funcs_t *f, void *data, hb_draw_state_t *s, float cx, float cy,
                         float x, float y, void *u)
{
    (void)f, (void)s, (void)u;
    add_point(data, cx, cy);
    add_point(data, x, y);
}

static struct outline outline_of(hb_face_t *face, hb_codepoint_t gid)
{
    hb_font_t *font = hb_font_create(face);
    hb_draw_funcs_t *draw = hb_draw_funcs_create();
    struct outline o = {0};

    hb_draw_funcs_set_move_to_func(draw, on_move, NULL, NULL);
    hb_draw_funcs_set_line_to_func(draw, on_move, NULL, NULL);
    hb_draw_funcs_set_quadratic_to_func(draw, on_quadratic, NULL, NULL);
    hb_font_get_glyph_shape(font, gid, draw, &o);
    hb_draw_funcs_destroy(draw);
    hb_font_destroy(font);
    return o;
}

/* Points of the glyph of `cp` in the subset; 0 when it is not what the whole font draws. */
static unsigned points_kept(struct bench *b, enum face face, uint32_t cp, const char *path)
{
    hb_blob_t *whole_blob = hb_blob_create_from_file_or_fail(path), *cut_blob;
    hb_face_t *whole = hb_face_create(whole_blob, 0), *cut;
    hb_font_t *font = hb_font_create(whole);
    struct font_subset s;
    struct err err = {0};
    struct outline wanted = {0}, found = {0};
    struct glyph g;
    hb_codepoint_t gid = 0;

    if (fonts_glyph(b->fonts, face, cp, &g) && fonts_subset(b->fonts, g.font, &b->a, &s, &err) &&
        hb_font_get_nominal_glyph(font, cp, &gid)) {
        cut_blob =
            hb_blob_create(s.file.ptr, (unsigned)s.file.len, HB_MEMORY_MODE_READONLY, NULL, NULL);
        cut = hb_face_create(cut_blob, 0);
        wanted = outline_of(whole, gid);
        found = outline_of(cut, s.gids[g.cid]);
        hb_face_destroy(cut);
        hb_blob_destroy(cut_blob);
    }
    hb_font_destroy(font);
    hb_face_destroy(whole);
    hb_blob_destroy(whole_blob);
    return found.points == wanted.points && found.sum == wanted.sum ? found.points : 0;
}

TEST(no_part_of_a_composed_glyph_is_lost_in_the_subset)
{
    static const uint32_t vietnamese[] = {0x1EA4, 0x1EBE, 0x1ED8, 0x1EE3, 0x1EEF};
    static const uint32_t kanji[] = {0x76E3, 0x67FB, 0x4F50, 0x85E4, 0x5065};
    struct bench b;

    CHECK(set_up(&b));
    for (size_t k = 0; k < 5; k++) {
        CHECK(points_kept(&b, FACE_REGULAR, vietnamese[k],
                          "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf") > 20);
        CHECK(points_kept(&b, FACE_REGULAR, kanji[k],
                          "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf") > 20);
    }
    CHECK(points_kept(&b, FACE_REGULAR, 0xB7,
                      "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf") > 3);
    tear_down(&b);
}

TEST(a_subset_is_much_smaller_than_its_font)
{
    struct bench b;
    struct font_subset s;
    struct err err = {0};
    struct glyph g;

    CHECK(set_up(&b));
    CHECK(fonts_glyph(b.fonts, FACE_REGULAR, 0x76E3, &g));
    CHECK(fonts_subset(b.fonts, g.font, &b.a, &s, &err));
    CHECK(s.file.len > 100 && s.file.len < 10000);
    CHECK(str_ends(s.name, STR("+DroidSansFallback")));
    tear_down(&b);
}

TEST(a_missing_default_font_is_said_with_a_remedy)
{
    struct bench b;
    struct theme theme;
    struct err err = {0};
    str name = STR("NoSuchFont.ttf");

    CHECK(set_up(&b));
    theme = *b.theme;
    theme.faces[FACE_BOLD] = (struct name_list){&name, 1};
    CHECK(fonts_open(&theme, &b.a, &err) == NULL);
    CHECK_STR(str_from(err.text), "font 'NoSuchFont.ttf' is not installed");
    CHECK(strlen(err.hint) > 0);
    tear_down(&b);
}

TEST(fallback_fonts_may_be_absent)
{
    struct bench b;
    struct theme theme;
    struct err err = {0};
    str names[] = {STR("LiberationSans-Regular.ttf"), STR("NoSuchFont.ttf")};
    struct fonts *fonts;
    struct glyph g;

    CHECK(set_up(&b));
    theme = *b.theme;
    theme.faces[FACE_REGULAR] = (struct name_list){names, 2};
    fonts = fonts_open(&theme, &b.a, &err);
    CHECK(fonts != NULL);
    CHECK(!fonts_glyph(fonts, FACE_REGULAR, 0x76E3, &g));
    fonts_close(fonts);
    tear_down(&b);
}
