/*
 * utf8: what the reader of records and the writer of JSON must agree on.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Length of the character of several bytes at p, of which `left` (at least 1) may be looked at. 0
 * when it is none: ASCII, an overlong form, a surrogate, above U+10FFFF. */
size_t utf8_sequence(const unsigned char *p, size_t left);

#endif
