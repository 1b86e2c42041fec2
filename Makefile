# auditpress: hand-written, no generator. Everything built is under build/, one folder a flavour.
#
#   make            build/auditpress            make check   everything installed, built and tested
#   make demo       reports from samples/       make help    all targets
#
# CC, CFLAGS, LDFLAGS, PREFIX and DESTDIR belong to the person building.

VERSION  := 0.1.0
PREFIX   ?= /usr/local
B        ?= build
CFLAGS   ?= -O2 -g

PACKAGES := jansson xlsxwriter harfbuzz-subset harfbuzz sqlite3 libcrypto zlib libdeflate

# V=1 prints whole command lines.
Q := $(if $(V),,@)

WARNINGS := -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wcast-qual -Wformat=2 \
            -Wmissing-prototypes -Wstrict-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wundef \
            -Werror=implicit-function-declaration
ifdef WERROR
WARNINGS += -Werror
endif
DEFINES  := -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -DAUDITPRESS_VERSION='"$(VERSION)"' \
            -DAUDITPRESS_DATA='"$(PREFIX)/share/auditpress"'
HARDEN   := -fstack-protector-strong -fPIE
# Libraries' headers are not ours to warn about.
PKG_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null))
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lhpdf -lm
ALL_CFLAGS = $(WARNINGS) $(DEFINES) -Iinclude -Isrc -I$(B)/gen $(PKG_CFLAGS) $(HARDEN) -pthread $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now -pthread $(LDFLAGS)

SOURCES  := $(sort $(wildcard src/*/*.c))
OBJECTS  := $(SOURCES:src/%.c=$(B)/obj/%.o)
SQL      := $(sort $(wildcard src/*/*.sql))
GENERATED := $(SQL:src/%.sql=$(B)/gen/%.sql.h)
UNIT     := $(sort $(wildcard tests/unit/*_test.c))
UNIT_BIN := $(UNIT:tests/unit/%.c=$(B)/tests/unit/%)
FUZZ     := $(sort $(wildcard tests/fuzz/*_fuzz.c))
FUZZ_BIN := $(FUZZ:tests/fuzz/%.c=$(B)/tests/fuzz/%)
BENCH    := $(sort $(wildcard tests/bench/*.c))
BENCH_BIN := $(BENCH:tests/bench/%.c=$(B)/tests/bench/%)

.PHONY: all deps demo check test asan coverage fuzz bench lint format golden install uninstall check-install dist \
        clean help
.DELETE_ON_ERROR:
.SECONDARY: $(GENERATED)

all: $(B)/auditpress

$(B)/auditpress: $(B)/obj/main.o $(B)/libauditpress.a
	@echo '  LINK $@'
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(B)/libauditpress.a: $(OBJECTS)
	@rm -f $@
	$(Q)$(AR) rcsD $@ $^

# A changed flag rebuilds what it touches.
FLAGS_NOW := $(CC) $(CFLAGS) $(LDFLAGS) $(PREFIX) $(VERSION) $(WERROR)
$(B)/flags: FORCE
	@mkdir -p $(B)
	@echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' > $@
.PHONY: FORCE
FORCE:

$(B)/obj/%.o: src/%.c $(B)/flags | $(GENERATED) tools-found
	@mkdir -p $(@D)
	@echo '  CC   $<'
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# SQL stands in .sql files; the program carries it as a byte array.
$(B)/gen/%.sql.h: src/%.sql
	@mkdir -p $(@D)
	@{ printf 'static const char sql_%s[] = {\n' "$(subst -,_,$(notdir $*))"; \
	   od -An -v -tx1 $< | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'; printf '0};\n'; } > $@

# Libraries missing: say so once, with the remedy, instead of a page of compiler errors.
.PHONY: tools-found
tools-found:
	@pkg-config --exists $(PACKAGES) 2>/dev/null && test -e /usr/include/hpdf.h || \
	  { sh tests/tools/deps.sh --print; exit 1; }

$(B)/tests/%: tests/%.c $(B)/libauditpress.a $(B)/flags
	@mkdir -p $(@D)
	@echo '  TEST $<'
	$(Q)$(CC) $(ALL_CFLAGS) -Itests $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(B)/libauditpress.a $(PKG_LIBS) $(FUZZ_LIBS)

# --- the two commands of the README ---------------------------------------------------------------------

deps:
	@sh tests/tools/deps.sh

demo: deps
	@$(MAKE) --no-print-directory all
	@sh tests/tools/demo.sh $(B)/auditpress $(B)/demo

check: deps
	@$(MAKE) --no-print-directory test

# --- for those who work on it ---------------------------------------------------------------------------

test: all $(UNIT_BIN) $(FUZZ_BIN)
	@sh tests/run.sh $(B)

asan:
	@LSAN_OPTIONS=suppressions=$(CURDIR)/tests/leaks.txt:print_suppressions=0 $(MAKE) --no-print-directory B=build/asan CC="$(CC)" \
	  CFLAGS="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer" test

coverage:
	@$(MAKE) --no-print-directory B=build/coverage CFLAGS="-O0 -g --coverage" test
	@sh tests/tools/coverage.sh build/coverage

# libFuzzer when clang is here; FUZZ_SECONDS per target.
FUZZ_SECONDS ?= 60
fuzz:
	@sh tests/tools/fuzz.sh $(FUZZ_SECONDS)

bench: all $(BENCH_BIN)
	@sh tests/bench/run.sh $(B)

lint:
	@sh tests/layers.sh
	clang-tidy --quiet $(SOURCES) -- $(ALL_CFLAGS)
	cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 -Iinclude -Isrc src

format:
	clang-format -i $(SOURCES) src/main.c $(wildcard include/*/*.h src/*/*.h tests/*/*.c)

golden: all
	@sh tests/golden/run.sh $(B)/auditpress --write

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/auditpress $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 0755 $(B)/auditpress $(DESTDIR)$(PREFIX)/bin/auditpress
	cp -R report templates $(DESTDIR)$(PREFIX)/share/auditpress/
	$(B)/auditpress help --man > $(DESTDIR)$(PREFIX)/share/man/man1/auditpress.1

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/auditpress $(DESTDIR)$(PREFIX)/share/man/man1/auditpress.1
	rm -rf $(DESTDIR)$(PREFIX)/share/auditpress

check-install: all
	@sh tests/tools/check-install.sh $(B)

dist:
	git archive --format=tar.gz --prefix=auditpress-$(VERSION)/ -o build/auditpress-$(VERSION).tar.gz HEAD

clean:
	rm -rf build

help:
	@echo 'all            build/auditpress'
	@echo 'deps           install what building needs (apt; prints the command without the right to)'
	@echo 'demo           deps, build, read samples/, write reports to build/demo'
	@echo 'check          deps, build, run all tests'
	@echo 'test           the tests alone'
	@echo 'asan           the tests under AddressSanitizer and UBSan'
	@echo 'coverage       the tests with line coverage'
	@echo 'fuzz           fuzz each target for FUZZ_SECONDS (clang)'
	@echo 'bench          events per second, memory, sizes'
	@echo 'lint format    layers, clang-tidy, cppcheck; clang-format'
	@echo 'golden         rewrite the expected rows of the samples: read the diff'
	@echo 'install uninstall check-install dist clean    PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)'

-include $(OBJECTS:.o=.d) $(B)/obj/main.d $(UNIT_BIN:=.d)
