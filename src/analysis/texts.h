/*
 * texts: sentences of reports and the values that go into them. Wording is data:
 * templates/text/en.json.
 *
 * A text holds placeholders: {events} prints the figure of that name by its type,
 * {changes|change|changes} also picks the word for the number. An unknown figure or key is an
 * error: a report must not print a hole. "{{" is a brace.
 */
#ifndef ANALYSIS_TEXTS_H
#define ANALYSIS_TEXTS_H

#include "analysis/analysis.h"

/* --- figures: named values -------------------------------------------------------------------- */

struct figure {
    str name;
    enum column_type type;
    bool is_set;
    int64_t number;
    str text;
    struct figure *next;
};

struct figures {
    struct figure *first, **last;
};

void figures_init(struct figures *f);
void figure_text(struct figures *f, struct arena *a, str name, str text); /* absent: not set */
void figure_count(struct figures *f, struct arena *a, str name, int64_t n);
void figure_add(struct figures *f, struct arena *a, str name, enum column_type type,
                const struct value *v);
const struct figure *figure_find(const struct figures *f, str name); /* the last added; NULL */
bool figure_is_true(const struct figure *f);                         /* set, not 0, not empty */
str figure_print(const struct figure *f, struct arena *a);           /* "—" when not set */
str value_print(enum column_type type, int64_t number, str text, struct arena *a);
str percent_text(int64_t thousandths, struct arena *a); /* 987 -> "98.7 %" */
/* Rounded half up; 0 of 0 is 0. */
int64_t thousandths_of(int64_t part, int64_t whole);

/* --- texts ------------------------------------------------------------------------------------ */

struct text {
    str key, value;
    struct text *next;
};

struct texts {
    struct text *first;
    struct text *glossary; /* key: term, value: meaning; in the order of the file */
};

/* <dir>/text/en.json */
bool texts_load(struct arena *a, str template_dir, struct texts *out, struct err *err) MUST_CHECK;
/* "@key" is looked up, everything else stands for itself; then placeholders are filled. */
bool text_expand(const struct texts *t, const struct figures *f, str text, struct arena *a,
                 str *out, struct err *err) MUST_CHECK;

#endif
