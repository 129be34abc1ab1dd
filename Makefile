# dmarc-report
#
#   make              the programs, in build/release
#   make demo         install what is missing, build, start a private
#                     PostgreSQL, ingest the fixtures, print the report
#   make demo-stop    stop that PostgreSQL (its data stay)
#   make check        set everything up and run every test
#   make check-unit S=suite T=test     unit tests, or one suite, or one test
#   make check-it T=T20-files.sh       one integration test
#   make truth        how true the advice is, on simulated companies
#   make check-release R=trixie        make demo and make check on that release
#                     of Debian, from nothing (as root)
#   make check-it NO_SANDBOX=1         all of them with --no-sandbox
#   make check-pg V=18                 with PostgreSQL 18, or all of 13 to 18
#                     that can be had: Debian's, or fetched by npm
#   make asan         the unit, replay and corpus tests under ASan and UBSan
#   make check-decode           decoding links alone, and calls nothing impure
#   make fuzz F=60    every fuzz target, F seconds each (clang)
#   make valgrind     one whole ingest, no leak
#   make bench S=small          speed and memory, or one stage
#   make lint         clang-format, cppcheck, clang-tidy, shellcheck, mandoc
#   make format       clang-format in place
#   make install DESTDIR= prefix=/usr/local
#
# A kind of build is a folder: B=build/asan and other CFLAGS never meet the
# objects of build/release.  Private settings go into Makefile.local, V=1
# shows the commands.

-include Makefile.local

B ?= build/release
prefix ?= /usr/local
bindir ?= $(prefix)/bin
mandir ?= $(prefix)/share/man
datadir ?= $(prefix)/share/dmarc-report
sysconfdir ?= /etc
unitdir ?= $(prefix)/lib/systemd/system
CC ?= cc
VERSION = 0.1.0
CORPUS ?= ../shared/corpus
SUITES ?= ../shared/suites
CASES ?= ../shared/cases/verdicts
FILE_CASES ?= ../shared/cases

CFLAGS ?= -O2 -g
WARN = -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef \
	-Wvla -Wredundant-decls
# `make check` says -Werror; what another compiler warns of keeps nobody from
# building.
WERROR ?=
HARDLD ?= -pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
SAN = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all

DECODE_PKGS = libxml-2.0 libarchive gmime-3.0 libpsl libidn2 libxxhash nettle \
	zlib jansson
INGEST_PKGS = $(DECODE_PKGS) libpq gnutls libseccomp
REPORT_PKGS = libpq smartcols
CHECK_PKGS = libpq smartcols libpsl libcares libmaxminddb glib-2.0 libzscanner \
	libseccomp nettle hogweed gmime-3.0

# Asked once, and only for targets that compile.
NOCOMPILE = demo demo-stop deps deps-tests clean lint-sh format check check-release
ifneq ($(if $(MAKECMDGOALS),$(filter-out $(NOCOMPILE),$(MAKECMDGOALS)),all),)
PKG_CFLAGS := $(shell pkg-config --cflags $(INGEST_PKGS) $(REPORT_PKGS) $(CHECK_PKGS) 2>/dev/null)
INGEST_LIBS := $(shell pkg-config --libs $(INGEST_PKGS) 2>/dev/null) -letpan -lcsv
DECODE_LIBS := $(shell pkg-config --libs $(DECODE_PKGS) 2>/dev/null)
REPORT_LIBS := $(shell pkg-config --libs $(REPORT_PKGS) 2>/dev/null) -lcsv
CHECK_LIBS := $(shell pkg-config --libs $(CHECK_PKGS) 2>/dev/null) -lcsv -lgmp
ifeq ($(PKG_CFLAGS),)
$(error a library is missing: run scripts/install-deps.sh, or see its list)
endif
endif

# What a compiler has of these depends on its version and on the processor; the
# highest level of FORTIFY is told by a header.
has = $(shell printf '\043include <stdlib.h>\n' | \
	$(CC) -Werror -O2 $(1) -x c -c -o /dev/null - 2>/dev/null && echo '$(1)')
ifeq ($(origin HARD),undefined)
ifneq ($(PKG_CFLAGS),)
HARD := -fstack-protector-strong -fPIE $(call has,-fstack-clash-protection) \
	$(call has,-fcf-protection) $(call has,-mbranch-protection=standard) \
	-U_FORTIFY_SOURCE \
	$(or $(call has,-D_FORTIFY_SOURCE=3),-D_FORTIFY_SOURCE=2)
endif
endif

# Library headers are not ours to warn about.
CPPFLAGS = -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -I. -I$(B) -DSYSCONFDIR='"$(sysconfdir)"' \
	$(patsubst -I%,-isystem %,$(PKG_CFLAGS))
COMPILE = $(CC) $(WARN) $(CFLAGS) $(HARD) $(CPPFLAGS)
LINK = $(CC) $(CFLAGS) $(HARD) $(HARDLD) $(LDFLAGS)

Q = $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-5s %s\n' $(1) $@)

objs = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)))
COMMON = $(call objs,common/*.c) $(B)/gen/sql.o
# Whoever reads what strangers send locks itself in.
JAIL = $(call objs,common/jail/*.c)
INGEST = $(filter-out $(B)/ingest/main.o,$(call objs,ingest/*.c ingest/*/*.c))
# Tests have workers that misbehave (T37-jail.sh).
ifneq ($(findstring -DTEST_STEPS,$(CFLAGS)),)
INGEST += $(call objs,tests/misbehave/*.c)
endif
# What strangers send is read by these alone, with what they use of common/.
DECODE = $(call objs,ingest/decode/*.c)
DECODE_COMMON = $(patsubst %,$(B)/common/%.o,address buf diag marks mem num printable reason)
CLI = $(call objs,common/cli/*.c)
REPORT = $(filter-out $(B)/report/main.o,$(call objs,report/*.c))
CHECK = $(filter-out $(B)/check/main.o,$(call objs,check/*.c))
UNIT = $(call objs,tests/unit/*.c)
FUZZ = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
SOURCES = $(wildcard common/*.[ch] common/cli/*.[ch] common/jail/*.[ch] ingest/*.[ch] ingest/*/*.[ch] \
	report/*.[ch] check/*.[ch] \
	tests/*.[ch] tests/misbehave/*.[ch] tests/unit/*.[ch] tests/fuzz/*.[ch] tests/bench/*.[ch])
# lib.sh is read where it is sourced.
SCRIPTS = $(filter-out tests/integration/lib.sh tests/integration/imap.sh,$(wildcard scripts/*.sh tests/*.sh \
	tests/fuzz/*.sh tests/integration/*.sh)) .ci/run

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all demo demo-stop deps deps-tests check check-all check-unit check-replay \
	check-decode check-hardening check-sql check-it check-pg check-corpus check-cases \
	check-spf check-dkim check-records check-verdicts check-truth check-release \
	asan fuzz valgrind \
	bench truth lint lint-c \
	lint-sh format install uninstall clean FORCE

all: $(B)/dmarc-ingest $(B)/dmarc-report $(B)/dmarc-check

# ---- the programs ----------------------------------------------------------

# The link lines are the architecture: no program can reach another, and the
# report knows nothing of mail, archives, XML or DNS.
$(B)/dmarc-ingest: $(B)/ingest/main.o $(INGEST) $(JAIL) $(COMMON)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(INGEST_LIBS)
$(B)/dmarc-report: $(B)/report/main.o $(REPORT) $(CLI) $(COMMON)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(REPORT_LIBS)
$(B)/dmarc-check: $(B)/check/main.o $(CHECK) $(CLI) $(JAIL) $(COMMON)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(CHECK_LIBS)

# And decoding reaches neither the database nor the network.
$(B)/decode-alone: $(B)/tests/decode_alone.o $(DECODE) $(DECODE_COMMON)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(DECODE_LIBS)

# An object that was made with a warning stays out of date: the next make tells
# it again, and `make check` stops there, though it builds nothing else anew.
compile = $(COMPILE) $(WERROR) -MMD -MP -c -o $@ $< 2>$@.log; s=$$?; \
	cat $@.log >&2; [ ! -s $@.log ] || touch -c -t 197001020000 $@; \
	rm -f $@.log; exit $$s

$(B)/%.o: %.c $(B)/flags | $(B)/gen/sql.h
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(compile)
$(B)/gen/%.o: $(B)/gen/%.c $(B)/flags
	$(call say,CC)
	$(Q)$(compile)

SQL = $(wildcard sql/*.sql sql/*/*.sql sql/*/*.tsv)
AWK = $(addprefix scripts/,tsv.awk classes.awk catalogue.awk reporters.awk)
$(B)/gen/sql.c: scripts/embed-sql.sh $(AWK) $(SQL) $(B)/sqlnames
	$(call say,SQL)
	@mkdir -p $(@D)
	$(Q)scripts/embed-sql.sh $(B)/gen/sql
$(B)/gen/sql.h: $(B)/gen/sql.c

# Written anew only when they differ, so that a change of flags or a removed
# file rebuilds and repeating the same does not.
differs = @mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(1))' | cmp -s - $@ || \
	printf '%s\n' '$(subst ','\'',$(1))' >$@
$(B)/flags: FORCE
	$(call differs,$(COMPILE) $(LINK))
$(B)/sqlnames: FORCE
	$(call differs,$(SQL))
FORCE:

-include $(wildcard $(B)/*/*.d $(B)/*/*/*.d)

# ---- trying it -------------------------------------------------------------

deps:
	@scripts/install-deps.sh
deps-tests:
	@scripts/install-deps.sh --tests

demo: deps
	@$(MAKE) --no-print-directory all
	@scripts/demo.sh $(B) build/pg
demo-stop:
	@scripts/pg-private.sh stop build/pg

# ---- tests -----------------------------------------------------------------

# check first installs what is missing, so that the rest finds it.
check: deps-tests
	@$(MAKE) --no-print-directory WERROR=-Werror check-all
check-all: all lint check-decode check-hardening check-unit check-replay check-sql check-it check-spf check-dkim \
	check-records check-verdicts check-truth \
	check-corpus check-cases asan valgrind

$(B)/unit: $(UNIT) $(INGEST) $(REPORT) $(CHECK) $(CLI) $(JAIL) $(COMMON)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(INGEST_LIBS) $(REPORT_LIBS) $(CHECK_LIBS) -lcunit
check-unit: $(B)/unit
	@echo '== unit tests'
	$(Q)$(B)/unit $(S) $(T)

# The folder that decodes, alone: what it links with, and what it calls.
check-decode: $(B)/decode-alone
	@echo '== decode'
	$(Q)tests/check-decode.sh $(DECODE)

# Every fixture, and every earlier finding, through every fuzz target.
$(B)/replay-%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(INGEST) $(REPORT) $(CHECK) $(CLI) $(JAIL) $(COMMON)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(INGEST_LIBS) $(REPORT_LIBS) $(CHECK_LIBS)
check-replay: $(FUZZ:%=$(B)/replay-%)
	@echo '== replay of fixtures and findings'
	$(Q)for t in $(FUZZ); do \
	  find fixtures tests/fuzz/seeds-$$t tests/fuzz/crash-$$t -type f 2>/dev/null | sort | \
	    $(B)/replay-$$t || exit 1; \
	done

check-hardening: all
	@echo '== hardening'
	$(Q)tests/hardening.sh $(B) '$(CC)'

check-sql: all
	@echo '== sql'
	$(Q)scripts/with-services.sh tests/sql.sh $(B)
check-it: all
	@echo '== integration'
	$(Q)B=$(abspath $(B)) $(if $(NO_SANDBOX),NO_SANDBOX=1) \
	  scripts/with-services.sh tests/integration.sh \
	  $(if $(T),tests/integration/$(T),$(sort $(wildcard tests/integration/T*.sh)))
# Not a part of check, as it takes a network.
check-pg: all
	$(Q)tests/pg.sh $(B) $(V)
check-corpus: all
	@echo '== corpus'
	$(Q)if [ -d $(CORPUS) ]; then \
	  B=$(abspath $(B)) scripts/with-services.sh tests/corpus.sh $(CORPUS); \
	else echo 'no corpus at $(CORPUS): skipped'; fi
# SPF: the cases of SUITES where there are any, and random ones beside pyspf.
check-spf: $(B)/dmarc-check
	@echo '== spf'
	$(Q)if [ -d $(SUITES)/spf ]; then prove -Q --failures -e /usr/bin/python3 \
	    tests/spf/run.py :: $(abspath $(B)) suite $(SUITES)/spf; \
	else echo 'no suite at $(SUITES)/spf: skipped'; fi
	$(Q)prove -Q --failures -e /usr/bin/python3 tests/spf/run.py :: \
	  $(abspath $(B)) random 10000
# DKIM: the signed mails of SUITES, and random ones beside dkimpy.
check-dkim: $(B)/dmarc-check
	@echo '== dkim'
	$(Q)if [ -d $(SUITES)/dkim ]; then prove -Q --failures -e /usr/bin/python3 \
	    tests/dkim/run.py :: $(abspath $(B)) suite $(SUITES)/dkim; \
	else echo 'no suite at $(SUITES)/dkim: skipped'; fi
	$(Q)prove -Q --failures -e /usr/bin/python3 tests/dkim/run.py :: \
	  $(abspath $(B)) random 300
# Records: our own table, and the rows of SUITES where there are any.
check-records: $(B)/dmarc-check
	@echo '== records'
	$(Q)prove -Q --failures -e python3 tests/records/run.py :: $(abspath $(B)) own
	$(Q)if [ -d $(SUITES)/records ]; then prove -Q --failures -e python3 \
	    tests/records/run.py :: $(abspath $(B)) suite $(SUITES)/records; \
	else echo 'no suite at $(SUITES)/records: skipped'; fi
# What is said of 18 kinds of mail that are easily misjudged; and of the samples in
# CASES, where there are any.
check-verdicts: all
	@echo '== verdicts'
	$(Q)scripts/with-services.sh prove -Q --failures -e python3 \
	  tests/verdicts/run.py :: $(abspath $(B)) all $(CASES)
# Two companies of make truth, one seed.
check-truth: all
	@echo '== truth'
	$(Q)scripts/with-services.sh python3 tests/truth/truth.py $(abspath $(B)) --fast
check-cases: all
	@echo '== cases'
	$(Q)if [ -d $(FILE_CASES) ]; then \
	  B=$(abspath $(B)) scripts/with-services.sh tests/cases.sh $(FILE_CASES); \
	else echo 'no cases at $(FILE_CASES): skipped'; fi

# The sanitizers' own trees; leaks of the libraries' caches are suppressed by
# name in tests/lsan.supp and nowhere else.
asan:
	@echo '== with AddressSanitizer and UndefinedBehaviorSanitizer'
	$(Q)ASAN_OPTIONS=detect_stack_use_after_return=1 \
	  LSAN_OPTIONS=suppressions=$(CURDIR)/tests/lsan.supp:print_suppressions=0 \
	  $(MAKE) --no-print-directory B=build/asan HARD= HARDLD= CFLAGS='$(SAN)' \
	  all check-unit check-replay check-corpus

# Another release than this machine's, without anything that is here.
check-release:
	$(Q)scripts/check-release.sh $(R) $(CORPUS)

valgrind: all $(B)/replay-decode $(B)/replay-frame
	@echo '== valgrind'
	$(Q)B=$(abspath $(B)) scripts/with-services.sh tests/valgrind.sh

fuzz:
	$(Q)$(MAKE) --no-print-directory B=build/fuzz CC=clang HARD= HARDLD= \
	  CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined' fuzz-run
FUZZ_LINK = $(LINK) -fsanitize=fuzzer
$(B)/fuzz-%: $(B)/tests/fuzz/fuzz_%.o $(INGEST) $(REPORT) $(CHECK) $(CLI) $(JAIL) $(COMMON)
	$(call say,LD)
	$(Q)$(FUZZ_LINK) -o $@ $^ $(INGEST_LIBS) $(REPORT_LIBS) $(CHECK_LIBS)
fuzz-run: $(FUZZ:%=$(B)/fuzz-%)
	$(Q)tests/fuzz/run.sh $(B) $(or $(F),60) $(FUZZ)

# What the parts cost alone.
$(B)/bench-sax: $(B)/tests/bench/sax.o $(B)/tests/bench/files.o $(COMMON)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(INGEST_LIBS)
$(B)/bench-decode: $(B)/tests/bench/decode.o $(B)/tests/bench/files.o $(INGEST) $(JAIL) $(COMMON)
	$(call say,LD)
	$(Q)$(LINK) -o $@ $^ $(INGEST_LIBS)
bench: all $(B)/bench-sax $(B)/bench-decode
	$(Q)DOVECOT=1 scripts/with-services.sh \
	  python3 tests/bench/run.py $(abspath $(B)) $(S)

# ---- habits ----------------------------------------------------------------

lint: lint-c lint-sh
lint-c: $(B)/gen/sql.h
	@echo '== lint'
	$(Q)tests/check-includes.sh
	$(Q)tests/lint-c.sh $(CPPFLAGS)
lint-sh:
	$(Q)shellcheck -x -P SCRIPTDIR $(SCRIPTS)
	$(Q)tests/check-docs.sh $(B)
format:
	clang-format -i $(SOURCES)

UNITS = $(notdir $(wildcard scripts/systemd/*))
install: all
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man1 \
	  $(DESTDIR)$(mandir)/man5 $(DESTDIR)$(unitdir) $(DESTDIR)$(datadir)/sql
	install -m 755 $(B)/dmarc-ingest $(B)/dmarc-report $(B)/dmarc-check scripts/pipe-report.sh \
	  $(DESTDIR)$(bindir)
	install -m 644 ingest/dmarc-ingest.1 report/dmarc-report.1 check/dmarc-check.1 \
	  $(DESTDIR)$(mandir)/man1
	install -m 644 ingest/dmarc.conf.5 $(DESTDIR)$(mandir)/man5
	install -m 644 scripts/dmarc.conf.sample scripts/crontab \
	  $(DESTDIR)$(datadir)
	install -m 755 scripts/restore-data.sh $(DESTDIR)$(datadir)
	for u in $(UNITS); do \
	  sed -e 's,@bindir@,$(bindir),' -e 's,@sysconfdir@,$(sysconfdir),' \
	    scripts/systemd/$$u >$(DESTDIR)$(unitdir)/$$u || exit 1; \
	done
	cp -R sql/. $(DESTDIR)$(datadir)/sql
uninstall:
	rm -f $(DESTDIR)$(bindir)/dmarc-ingest $(DESTDIR)$(bindir)/dmarc-report \
	  $(DESTDIR)$(bindir)/dmarc-check $(DESTDIR)$(bindir)/pipe-report.sh
	rm -f $(DESTDIR)$(mandir)/man1/dmarc-ingest.1 \
	  $(DESTDIR)$(mandir)/man1/dmarc-report.1 \
	  $(DESTDIR)$(mandir)/man1/dmarc-check.1 \
	  $(DESTDIR)$(mandir)/man5/dmarc.conf.5
	rm -f $(UNITS:%=$(DESTDIR)$(unitdir)/%)
	rm -rf $(DESTDIR)$(datadir)

clean:
	@[ ! -d build/pg ] || scripts/pg-private.sh remove build/pg
	rm -rf build
