/*
 * display: bytes from a log made fit to be drawn, printed or put into a cell.
 *
 * Log text is hostile. Strict UTF-8: a bad byte becomes U+FFFD, one per byte, the next is read
 * afresh. What would be invisible or reorder text (C0, C1, U+200B-200F, U+202A-202E, U+2066-2069,
 * U+FEFF, U+FFFE, U+FFFF, private use) is written as its code point, \u202E. Tab becomes a space,
 * CR LF and CR become LF. Nothing is normalised or trimmed.
 */
#ifndef MODEL_DISPLAY_H
#define MODEL_DISPLAY_H

#include "base/arena.h"

str display_text(str raw, struct arena *a); /* line breaks kept */
str display_line(str raw, struct arena *a); /* line breaks written as \n */
/* One code point of valid UTF-8, moving *at; U+FFFD for a bad byte. */
uint32_t utf8_next(str s, size_t *at);
size_t utf8_put(uint32_t cp, char out[4]);

/* Masks what looks like a credential in free text: keys, tokens, passwords, connection strings, PEM
 * blocks. Returns the text itself when there is nothing to mask. */
str mask_secrets(str text, struct arena *a);

/* 1284307 -> "1,284,307" */
str count_text(int64_t n, struct arena *a);
/* 5400 -> "1 h 30 min"; 45 -> "45 s"; two largest units */
str duration_text(int64_t seconds, struct arena *a);

#endif
