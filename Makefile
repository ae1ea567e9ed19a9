# Makefile - builds, runs, tests and installs `invited`. `make help` lists every target.
#
# Three steps build the program: the two small compilers (build/viewc, build/queryc), what they generate (build/views,
# build/sql, build/static), and then everything else, in a second make that sees the generated files.
#
#   WERROR=1      warnings are errors (make test sets it)
#   SANITIZE=1    AddressSanitizer and UBSan; give it an own folder: make BUILD=build/asan SANITIZE=1
#   RUN=DIR       where make run keeps its data (build/run)
#   PREFIX, DESTDIR   for make install; PREFIX is also where the program looks for its catalogues

SHELL := /bin/bash
PREFIX ?= /usr/local
SYSTEMD_UNITS ?= $(PREFIX)/lib/systemd/system
BUILD ?= build
PORT ?= 8080
RUN ?= build/run
CC := gcc
MAKEFLAGS += --no-builtin-rules --no-print-directory
# Short lines; V=1 shows the commands.
say = $(if $(V),,@printf '  %-8s %s\n' $(1) $@;)

packages_of := fcgi libmariadb libsodium libesmtp-1.0 libidn2 libssl libcrypto jansson libqrencode
LIBRARIES = $(shell pkg-config --libs $(packages_of)) -lpasswdqc -lcsv -lm
LIBRARY_FLAGS = $(shell pkg-config --cflags $(packages_of))

WARNINGS := -Wall -Wextra -Wshadow -Wformat=2 -Wformat-overflow=2 -Wformat-truncation=2 -Wconversion -Wsign-conversion \
  -Wimplicit-fallthrough -Wtrampolines -Wbidi-chars=any -Wvla -Wnull-dereference -Wduplicated-cond -Wlogical-op \
  -Wstringop-overflow=4 -Walloc-zero -Warith-conversion -Wmissing-prototypes -Wstrict-prototypes \
  -Werror=format-security -Werror=implicit -Werror=incompatible-pointer-types -Werror=int-conversion
ifdef WERROR
WARNINGS += -Werror
endif

machine := $(shell uname -m)
BRANCHES := $(if $(filter x86_64,$(machine)),-fcf-protection=full,$(if $(filter aarch64,$(machine)),-mbranch-protection=standard))
ifdef SANITIZE
HARDENING := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DINVITED_SANITIZED=1
LINK_HARDENING := -fsanitize=address,undefined
else
HARDENING := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection $(BRANCHES)
LINK_HARDENING := -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,nodlopen -Wl,-z,separate-code -Wl,-z,defs \
  -Wl,--no-copy-dt-needed-entries
endif

INCLUDES := -Ifcgi -Isql -Ihandlers -Iviews -Ibuild -Ibuild/sql -Ibuild/views -Ibuild/static
CFLAGS_ALL = -std=gnu17 -g -D_GNU_SOURCE $(HARDENING) $(WARNINGS) -ftrivial-auto-var-init=zero \
  -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing -fexceptions -fPIE $(INCLUDES) \
  $(LIBRARY_FLAGS) $(CFLAGS)
LDFLAGS_ALL = -pie $(LINK_HARDENING) -Wl,--as-needed $(LDFLAGS)

VIEWS := $(wildcard views/*.html views/mail/*.txt views/mail/*.html)
QUERIES := $(wildcard sql/queries/*.sql)
MIGRATIONS := $(wildcard sql/migrations/*.sql)
CATALOGUES := $(patsubst views/po/%.po,build/locale/C.UTF-8/LC_MESSAGES/invited-%.mo,$(wildcard views/po/*.po))
HOST_FLAGS = -std=gnu17 -O2 -g -D_GNU_SOURCE $(WARNINGS) -Ifcgi -Iviews -Isql

.PHONY: all help packages packages-test generated program tools unit run start stop test check-folders check-sql bench audit install \
  messages format clean
.DEFAULT_GOAL := all

all: generated ## build the program: build/invited
	@$(MAKE) program

help: ## this list
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

packages: ## install the Debian packages that building and running need (no-op when all are there)
	@nginx/packages.sh run

packages-test: ## the same for everything that make test and make bench need
	@nginx/packages.sh run test

# ---- generated sources ----

# $(call replace,NEW,OLD): make OLD equal NEW, leaving unchanged files (and their times) alone.
define replace
	@mkdir -p $(2); for f in $(2)/*; do [ -e "$(1)/$${f##*/}" ] || rm -f "$$f"; done; \
	for f in $(1)/*; do cmp -s "$$f" "$(2)/$${f##*/}" || mv "$$f" $(2)/; done; rm -rf $(1)
endef

generated: build/views.stamp build/sql.stamp build/static.stamp build/error.stamp $(CATALOGUES)

build/viewc: $(wildcard views/viewc*.[ch])
	@mkdir -p build
	$(call say,compile)$(CC) $(HOST_FLAGS) -o $@ $(filter %.c,$^)

build/queryc: $(wildcard sql/queryc*.[ch])
	@mkdir -p build
	$(call say,compile)$(CC) $(HOST_FLAGS) -o $@ $(filter %.c,$^)

# The dependency on the folders notices a file that was removed.
build/views.stamp: build/viewc $(VIEWS) views $(wildcard views/mail)
	@rm -rf build/views.new && mkdir -p build/views.new
	$(call say,views)build/viewc -o build/views.new $(VIEWS)
	$(call replace,build/views.new,build/views)
	@touch $@

build/sql.stamp: build/queryc $(QUERIES) $(MIGRATIONS) sql/queries sql/migrations
	@rm -rf build/sql.new && mkdir -p build/sql.new
	$(call say,queries)build/queryc -o build/sql.new $(QUERIES)
	@build/queryc -m build/sql.new $(MIGRATIONS)
	$(call replace,build/sql.new,build/sql)
	@touch $@

build/static.stamp: $(wildcard views/static/*) views/static.sh
	@rm -rf build/static.new && mkdir -p build/static.new
	$(call say,static)views/static.sh build/static.new $(filter views/static/%,$^)
	$(call replace,build/static.new,build/static)
	@touch $@

# nginx's own error pages: the words of each in one frame, which knows the stylesheet's hashed name.
build/error.stamp: $(wildcard nginx/errors/*) build/static.stamp
	@rm -rf build/error && mkdir -p build/error
	@url=$$(sed -n 's/^#define STATIC_STYLE_URL "\(.*\)"$$/\1/p' build/static/static.h); for f in $(filter %.html,$^); do \
	sed -e "s|@STATIC_STYLE_URL@|$$url|" -e "s|@TITLE@|$$(sed -n 's|<h1>\(.*\)</h1>|\1|p' $$f)|" -e "/@WORDS@/{r $$f" -e 'd}' \
	  nginx/errors/frame > build/error/$${f##*/}; done
	@touch $@

build/locale/C.UTF-8/LC_MESSAGES/invited-%.mo: views/po/%.po
	@mkdir -p $(@D)
	msgfmt --check -o $@ $<

# Without dates and line numbers, so that the file changes when a sentence does. Titles and messages of forms are sentences where they stand;
# N_() marks the others that are kept first and translated where they are shown, in a #define too (which xgettext would skip).
KEYWORDS := -k -ktr -ktrc:1c,2 -ktrn:1,2 -ktrf -ktrnf:1,2 -kout_tr:2 -kout_trc:2c,3 -kout_trn:2,3 -kN_ -kpage_begin:2 -kform_fail:3
TEMPLATE ?= views/po/invited.pot
SENTENCES = $(sort $(wildcard build/views/*.c views/*.h handlers/*.[ch] fcgi/*.[ch]))
messages: generated ## collect the sentences for translators into views/po/invited.pot and merge them
	@$(MAKE) template
	@for po in $(wildcard views/po/*.po); do msgmerge --quiet --update --backup=none --no-fuzzy-matching --add-location=file --width=120 $$po views/po/invited.pot; done

template: # what `messages` runs when the generated files are there
	@mkdir -p $(dir $(TEMPLATE)) build/messages/{build/views,views,handlers,fcgi}
	@for f in $(SENTENCES); do sed 's/^#define / /' $$f > build/messages/$$f; done
	@xgettext --directory=build/messages --language=C --from-code=UTF-8 --add-location=file --width=120 --add-comments=TRANSLATORS: --package-name=invited --copyright-holder='the founders of invited' \
	  $(KEYWORDS) -o build/invited.pot $(SENTENCES)
	@sed -i -e '/^"POT-Creation-Date/d' -e '1s/.*/# The sentences of invited, for translators. Made by "make messages"./' -e 's/ (C) YEAR the/ the/' -e '/^# FIRST AUTHOR/d' build/invited.pot; cmp -s build/invited.pot $(TEMPLATE) || cp build/invited.pot $(TEMPLATE)

# ---- the program: run by `all`, after `generated` ----

# main.c gives commands, mailer.c replaces connect(): both belong to the program only, the rest is a library for the tests.
SOURCES := $(wildcard fcgi/*.c handlers/*.c sql/migrate.c build/sql/*.c build/views/*.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/obj/%.o)
LIBRARY := $(BUILD)/libinvited.a
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*_test.c))

program: $(BUILD)/invited

# In one step: whoever runs the program meanwhile never finds it missing or half written.
$(BUILD)/invited: $(OBJECTS)
	$(call say,link)$(CC) $(LDFLAGS_ALL) -o $@.new $^ $(LIBRARIES) && mv $@.new $@

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,compile)$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(BUILD)/obj/fcgi/config.o: CFLAGS += -DINVITED_PREFIX='"$(PREFIX)"'
$(BUILD)/obj/fcgi/config.o: $(BUILD)/prefix

# Other flags are other objects.
$(BUILD)/flags: FORCE
	@mkdir -p $(BUILD); echo '$(HARDENING) $(WARNINGS)' | cmp -s - $@ || echo '$(HARDENING) $(WARNINGS)' > $@
$(BUILD)/prefix: FORCE
	@mkdir -p $(BUILD); echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' > $@
FORCE:

$(LIBRARY): $(filter-out $(BUILD)/obj/fcgi/main.o,$(OBJECTS))
	@rm -f $@
	$(call say,archive)ar rcs $@ $^

# Tests that read a value that the compiler knows to be there need no null-dereference warning for cmocka's longjmp.
$(BUILD)/obj/tests/%.o: CFLAGS += -Wno-null-dereference

$(BUILD)/unit/%_test: $(BUILD)/obj/tests/unit/%_test.o $(LIBRARY)
	@mkdir -p $(@D)
	$(call say,link)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES) -lcmocka

$(BUILD)/checksql: $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard sql/checksql*.c)) $(LIBRARY)
	$(call say,link)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

$(BUILD)/constant: $(BUILD)/obj/tests/bench/constant.o
	$(call say,link)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

# Every mail that has a view.
build/mails_drawn.h: build/views.stamp
	@sed -n 's/^void view_mail_\(.*\)_subject(.*/MAIL(\1)/p' build/views/views.h > $@
$(BUILD)/obj/tests/judges/mails_drawn.o: build/mails_drawn.h

$(BUILD)/mails_drawn: $(BUILD)/obj/tests/judges/mails_drawn.o $(LIBRARY)
	$(call say,link)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBRARIES)

tools: $(BUILD)/checksql $(BUILD)/constant $(BUILD)/mails_drawn
unit-programs: $(UNIT_TESTS)
.PHONY: unit-programs template FORCE

.SECONDARY:
-include $(shell [ -d $(BUILD)/obj ] && find $(BUILD)/obj -name '*.d')

# ---- running and testing ----

run: packages ## the whole portal on 127.0.0.1:$PORT (8080), private database and mail under build/run; Ctrl-C ends it
	@$(MAKE) all
	@PORT=$(PORT) exec python3 tests/stack.py run '$(RUN)'

start: packages ## the same in the background
	@$(MAKE) all
	@PORT=$(PORT) python3 tests/stack.py start '$(RUN)'

stop: ## end what make start began; the data stays
	@python3 tests/stack.py stop '$(RUN)'

unit: all ## the unit tests alone
	@$(MAKE) unit-programs
	@failed=0; for t in $(UNIT_TESTS); do $$t || failed=1; done; exit $$failed

check-folders: ## which folder may know which, no SQL or HTML in handlers, nothing that starts a shell
	@tests/folders

check-sql: all ## migrate a scratch server from zero, prepare every query, look for full scans
	@$(MAKE) $(BUILD)/checksql
	@tests/queries/check_sql

test: packages-test ## everything (some: tests/run NAME...); ends with `N passed, N failed`
	@tests/run

bench: packages-test ## requests per second and CPU per request against a constant page (BENCH="--seconds 2", …)
	@$(MAKE) all
	@$(MAKE) $(BUILD)/constant
	@tests/bench/run $(BENCH)

audit: packages-test ## Lighthouse over the pages where people begin, wants 100 (AUDIT="panel phone" for some)
	@$(MAKE) all
	@tests/audit/run $(AUDIT)

format: ## say which lines are too long, end in blanks or hold tabs
	@! grep -nE '.{201,}|[[:blank:]]$$|	' --include='*.[ch]' -r fcgi handlers sql views tests

# ---- installing ----

install: all ## program, units, nginx files, example configuration; DESTDIR and PREFIX are honoured
	@BUILD=$(BUILD) DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' SYSTEMD_UNITS='$(SYSTEMD_UNITS)' nginx/install.sh

clean: ## remove what was built; build/run (the data of make run) stays
	@find build -mindepth 1 -maxdepth 1 ! -name run -exec rm -rf {} + 2>/dev/null || true
