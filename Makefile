# orgvet. `make quickstart` sets up, builds and vets a sample; `make test` sets up and runs every
# test; plain `make` builds build/release/. VARIANT=release|debug|san|tsan|cov.

VARIANT ?= release
PREFIX  ?= /usr/local
VERSION := $(shell cat VERSION)
SOVERSION := 0
B := build/$(VARIANT)$(if $(ENGINE),-engine)

CC = gcc
PKG_CONFIG ?= pkg-config
PYTHON ?= /usr/bin/python3
MODEL_SEEDS ?= 1000
ENGINE_PACKAGES := libcjson libpcre2-8 libutf8proc nettle
SERVICE_PACKAGES := libcurl libmicrohttpd sqlite3 libzip libxcrypt
PACKAGES := $(ENGINE_PACKAGES) $(if $(ENGINE),,$(SERVICE_PACKAGES))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wundef -Wstrict-prototypes \
            -Wmissing-prototypes
CFLAGS_release := -O3 -g
CFLAGS_debug := -O0 -g -Werror
CFLAGS_san := -O1 -g -Werror -fsanitize=address,undefined -fno-sanitize-recover=all \
              -fno-omit-frame-pointer
CFLAGS_tsan := -O1 -g -Werror -fsanitize=thread
CFLAGS_cov := -O0 -g -Werror --coverage
LDFLAGS_san := -fsanitize=address,undefined
LDFLAGS_tsan := -fsanitize=thread
LDFLAGS_cov := --coverage

PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
ENGINE_LIBS := -pthread -lcsv -lm $(shell $(PKG_CONFIG) --libs $(ENGINE_PACKAGES))
LIBS := -pthread -lcsv -lm $(shell $(PKG_CONFIG) --libs $(PACKAGES))
CPPFLAGS_ALL = -Isrc -Iinclude -Ibuild/catalogue -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
               -DOV_VERSION='"$(VERSION)"' $(if $(ENGINE),-DOV_ENGINE_ONLY) $(PACKAGE_CFLAGS) $(CPPFLAGS)
CFLAGS_ALL = -std=c17 $(CFLAGS_$(VARIANT)) $(WARNINGS) -fPIC -fvisibility=hidden $(CFLAGS)
LDFLAGS_ALL = $(LDFLAGS_$(VARIANT)) $(LDFLAGS)

# The engine (liborgvet), and what the command has besides.
ENGINE_DIRS := base finding csv mapping org vet config payload/reread payload/emit payload/diff payload/fix \
               report report/view draft
SERVICE_DIRS := client server server/store server/http server/auth server/jobs server/api page
LIB_SRC := $(foreach dir,$(ENGINE_DIRS),$(wildcard src/$(dir)/*.c))
SERVICE_SRC := $(if $(ENGINE),,$(foreach dir,$(SERVICE_DIRS),$(wildcard src/$(dir)/*.c)))
# The command; with ENGINE=1 the local commands alone, without curl, microhttpd, SQLite and crypt.
NETWORK_CLI := $(addprefix src/cli/,cmd_admin.c cmd_serve.c cmd_site.c cmd_submit.c site.c site_dry_run.c \
               site_form.c store.c)
CLI_SRC := $(filter-out $(if $(ENGINE),$(NETWORK_CLI),src/cli/engine_only.c),$(wildcard src/cli/*.c))
UNIT_SRC := $(filter-out $(if $(ENGINE),tests/unit/test_service.c tests/unit/test_page.c),$(wildcard tests/unit/*.c))
HEADERS := $(wildcard include/orgvet/*.h)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
SERVICE_OBJ := $(SERVICE_SRC:%.c=$(B)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(B)/%.o)
UNIT_OBJ := $(UNIT_SRC:%.c=$(B)/%.o)
OOM_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard tests/oom/*.c))
SO := liborgvet.so.$(VERSION)

.PHONY: setup-page all build quickstart test check-setup setup setup-test setup-lint setup-fuzz lint format \
        golden-update install install-command uninstall clean deb setup-deb fuzz unit headers bench setup-bench setup-neon
.DELETE_ON_ERROR:

all: build
build: $(B)/orgvet $(B)/liborgvet.a $(B)/$(SO)

$(B)/%.o: %.c Makefile VERSION
	@mkdir -p $(@D)
	@echo "  CC  $<"
	@$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

# Catalogues: a table in C, sorted by the bytes of its texts, and JSON for the page and the HTML
# report, of what these say.
CATALOGUES := build/catalogue/de.inc build/catalogue/de.json
build/catalogue/%.lines: src/base/po/%.po src/base/po/compile.awk
	@mkdir -p $(@D)
	@awk -f src/base/po/compile.awk $< | LC_ALL=C sort -t '	' -k 1,1 >$@
build/catalogue/%.inc: build/catalogue/%.lines
	@awk -F '	' '{ print "{\"" $$2 "\", \"" $$3 "\"}," }' $< >$@
build/catalogue/%.json: build/catalogue/%.lines
	@awk -F '	' '$$4 { out = out (out ? ",\n" : "") "\"" $$2 "\":\"" $$3 "\"" } END { print "{" out "}" }' $< >$@
build/catalogue/page.%.html: src/page/assets/page.html
	@mkdir -p $(@D)
	@sed -e 's/<html lang="en">/<html lang="$*">/' -e 's|^<script src="/page/view.js"|<script src="/page/$*.js" defer></script>\n&|' $< >$@
build/catalogue/%.js: build/catalogue/%.json
	@{ printf 'globalThis.orgvetWords = '; cat $<; } >$@
$(B)/src/base/i18n.o: build/catalogue/de.inc

# What browsers load, gzipped; `-n` leaves out the time, so that a build gives the same bytes. The
# scripts of the view (of the HTML report and of the page) and those of the page are two, each made
# of its files in one scope.
VIEW_JS := $(patsubst %,src/report/view/%.js,words memory lists table tree icicle around view report)
PAGE_JS := $(patsubst %,src/page/assets/%.js,parts ask draft file columns check import watch steps works manage page)
build/scripts/view.js: $(VIEW_JS)
build/scripts/page.js: $(PAGE_JS)
build/scripts/view.js build/scripts/page.js: Makefile
	@mkdir -p $(@D)
	@{ printf '"use strict";\n(() => {\n'; cat $(filter %.js,$^); printf '})();\n'; } >$@

ASSETS := page.html page.css page.js view.css view.js page.de.html de.js
GZIPPED := $(ASSETS:%=build/assets/%.gz)
define gzip
	@mkdir -p $(@D)
	@gzip -9 -n -c $< >$@
endef
build/assets/%.gz: build/scripts/%
	$(gzip)
build/assets/%.gz: build/catalogue/%
	$(gzip)
build/assets/%.gz: src/page/assets/%
	$(gzip)
build/assets/%.gz: src/report/view/%
	$(gzip)
.SECONDARY: build/catalogue/page.de.html build/catalogue/de.js build/catalogue/de.lines
$(B)/src/page/assets.o: $(GZIPPED)
$(B)/src/report/view/view.o: build/catalogue/de.json build/scripts/view.js src/report/view/view.css

$(B)/liborgvet.a: $(LIB_OBJ)
	@rm -f $@
	@$(AR) rcs $@ $^

$(B)/$(SO): $(LIB_OBJ)
	@echo "  LD  $@"
	@$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -shared -Wl,-soname,liborgvet.so.$(SOVERSION) $^ -Wl,--as-needed $(ENGINE_LIBS) -o $@

# Client, service and page, for the command and the tests.
$(B)/service.a: $(SERVICE_OBJ)
	@rm -f $@
	@$(AR) rcs $@ $^

$(B)/orgvet: $(CLI_OBJ) $(B)/service.a $(B)/liborgvet.a
	@echo "  LD  $@"
	@$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $^ $(LIBS) -o $@

$(B)/unit: $(UNIT_OBJ) $(B)/service.a $(B)/liborgvet.a
	@echo "  LD  $@"
	@$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $^ $(LIBS) -lcunit -o $@

$(B)/oom: $(OOM_OBJ) $(B)/service.a $(B)/liborgvet.a
	@echo "  LD  $@"
	@$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $^ $(LIBS) -o $@

-include $(LIB_OBJ:.o=.d) $(SERVICE_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT_OBJ:.o=.d) $(OOM_OBJ:.o=.d)

# --- set-up: what Debian and Ubuntu call what we need ---

BUILD_DEBS := gcc libc6-dev make pkg-config libcsv-dev libcjson-dev libpcre2-dev libutf8proc-dev \
              libxxhash-dev nettle-dev libcurl4-openssl-dev libmicrohttpd-dev libsqlite3-dev libzip-dev libcrypt-dev
TEST_DEBS := $(BUILD_DEBS) libcunit1-dev python3 python3-jsonschema patch \
             libxml2-utils git pre-commit python3-yaml man-db zsh fish curl jq openssl
LINT_DEBS := $(BUILD_DEBS) clang-format clang-tidy cppcheck
FUZZ_DEBS := $(BUILD_DEBS) clang libclang-rt-14-dev
NEON_DEBS := gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
PAGE_DEBS := $(TEST_DEBS) chromium chromium-driver fonts-dejavu-core $(if $(shell command -v npm),,nodejs npm)
DEB_DEBS := $(BUILD_DEBS) dpkg-dev lintian
BENCH_DEBS := $(BUILD_DEBS) python3 hyperfine miller csvkit sqlite3 wrk curl time \
              $(if $(shell command -v npm),,nodejs npm)

# $(call need,packages): installs those that are missing, or says how.
define need
@missing=; for p in $(1); do \
  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
done; \
if [ -z "$$missing" ]; then exit 0; fi; \
if ! command -v apt-get >/dev/null 2>&1; then \
  echo "Please install what these Debian packages hold:$$missing"; exit 1; fi; \
if [ "$$(id -u)" = 0 ]; then sudo=; \
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo=sudo; \
else echo "Please run: sudo apt-get install --no-install-recommends$$missing"; exit 1; fi; \
echo "Installing$$missing"; \
$$sudo apt-get update -q && \
DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -q -y --no-install-recommends $$missing
endef

setup:
	$(call need,$(BUILD_DEBS))
setup-test:
	$(call need,$(TEST_DEBS))
setup-lint:
	$(call need,$(LINT_DEBS))
setup-fuzz:
	$(call need,$(FUZZ_DEBS))
setup-neon:
	$(call need,$(NEON_DEBS))
setup-deb:
	$(call need,$(DEB_DEBS))
# What the tests of the page and of the HTML report need; without it they say that they were skipped.
setup-page:
	$(call need,$(PAGE_DEBS))
	@mkdir -p build/page
	npm install --silent --no-save --prefix build/page axe-core || echo 'axe-core is left out'
setup-bench:
	$(call need,$(BENCH_DEBS))

quickstart: setup
	@$(MAKE) --no-print-directory build
	@echo
	@echo '$$ build/$(VARIANT)/orgvet check testdata/sample/positions.csv'
	@$(B)/orgvet check --format pretty testdata/sample/positions.csv || [ $$? = 1 ]

# --- tests ---

test: setup-test
	@$(MAKE) --no-print-directory build $(B)/unit $(if $(filter release debug,$(VARIANT)),$(B)/oom)
	@VARIANT=$(VARIANT) MODEL_SEEDS=$(MODEL_SEEDS) PYTHON=$(PYTHON) MAKE=$(MAKE) CC=$(CC) tests/run.sh $(B)

unit: $(B)/unit
	$(B)/unit

golden-update: build
	tests/golden/run.sh $(B)/orgvet --update
	$(PYTHON) tests/report/run.py $(B)/orgvet ../shared --update

# Each public header compiles alone, in C17 and in C++.
headers:
	@for header in $(HEADERS); do \
	  echo "#include \"$$header\"" | $(CC) -std=c17 $(WARNINGS) -Werror -I. -Iinclude -fsyntax-only \
	    -xc - || exit 1; \
	done

# --- fuzzing (clang); FUZZ_SECONDS bounds each target ---

FUZZ_SECONDS ?= 60
FUZZ_TARGETS := check gate meaning records request settings
fuzz: setup-fuzz
	@for target in $(FUZZ_TARGETS); do \
	  $(MAKE) --no-print-directory build/fuzz/$$target && \
	  mkdir -p build/fuzz/corpus-$$target && \
	  build/fuzz/$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 \
	    -artifact_prefix=build/fuzz/ -print_final_stats=0 -verbosity=0 \
	    build/fuzz/corpus-$$target tests/fuzz/corpus/$$target || exit 1; \
	  echo "fuzz $$target: no crash in $(FUZZ_SECONDS) seconds"; \
	done

build/fuzz/%: tests/fuzz/%.c $(LIB_SRC) $(SERVICE_SRC) | $(GZIPPED) $(CATALOGUES) build/scripts/view.js
	@mkdir -p $(@D)
	clang -std=c17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	  $(CPPFLAGS_ALL) $^ $(LIBS) -o $@

# --- benchmarks: orgvet against its peers, into tests/bench/RESULTS.md ---

BENCH_ROWS ?= 100000,1000000,10000000
BENCH := build/bench
bench: setup-bench
	@$(MAKE) --no-print-directory build
	@mkdir -p $(BENCH)
	$(CC) -O2 -o $(BENCH)/generate tests/bench/generate.c
	$(CC) -O2 -o $(BENCH)/libcsv tests/bench/peers/libcsv.c -lcsv
	npm install --silent --no-save --prefix $(BENCH) @duckdb/node-api papaparse nodejs-polars \
	  nodejs-polars-linux-$$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/')-gnu || \
	  echo 'peers that run on Node.js are left out'
	NODE_FROM=$(abspath $(BENCH)) $(PYTHON) tests/bench/run.py $(B)/orgvet $(BENCH) $(BENCH_ROWS)
	$(PYTHON) tests/bench/service.py $(B)/orgvet $(BENCH)

# --- lint ---

ALL_C := $(LIB_SRC) $(SERVICE_SRC) $(CLI_SRC) $(UNIT_SRC) $(wildcard tests/oom/*.c tests/fuzz/*.c tests/api/*.c)
ALL_JS := $(VIEW_JS) $(PAGE_JS)
ALL_H := $(HEADERS) $(wildcard src/*/*.h src/*/*/*.h tests/*/*.h)
lint: setup-lint $(CATALOGUES)
	@tests/lint/layers.sh
	@$(PYTHON) tests/lint/catalogue.py
	@clang-format --dry-run --Werror $(ALL_C) $(ALL_H) $(ALL_JS) && echo 'clang-format: fine'
	@cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability \
	  --inline-suppr --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
	  --suppress=unknownMacro -Isrc -Iinclude -DOV_VERSION='"0"' -j2 src && echo 'cppcheck: fine'
	@printf '%s\n' $(LIB_SRC) $(SERVICE_SRC) $(CLI_SRC) | xargs -P2 -I{} sh -c \
	  'clang-tidy --quiet --warnings-as-errors="*" {} -- -std=c17 $(filter-out -DOV_VERSION%,$(CPPFLAGS_ALL)) \
	  -DOV_VERSION=\"0\" 2>/dev/null || exit 255' && echo 'clang-tidy: fine'
format:
	clang-format -i $(ALL_C) $(ALL_H) $(ALL_JS)

# --- install ---

DEST = $(DESTDIR)$(PREFIX)
COMMANDS := $(shell sed -n 's/^CLI_COMMAND.[A-Z_]*, "\([a-z-]*\)".*/\1/p' src/cli/commands.def)
DOC := build/doc
PAGES := orgvet.1 $(COMMANDS:%=orgvet-%.1)
MAN := $(PAGES:%=$(DOC)/%) $(PAGES:%=$(DOC)/de/%)

# $(call page,locale): a page of the manual; orgvet.1 is that of no command.
page = mkdir -p $(@D) && LC_ALL=$(1) $< manual $(filter-out orgvet,$(patsubst orgvet-%,%,$*)) >$@
$(DOC)/%.1: $(B)/orgvet
	@$(call page,C)
$(DOC)/de/%.1: $(B)/orgvet
	@$(call page,de_DE.UTF-8)

install-command: build $(MAN)
	install -d $(DEST)/bin $(DEST)/share/orgvet $(DEST)/share/man/man1 \
	  $(DEST)/share/man/de/man1 $(DEST)/share/bash-completion/completions \
	  $(DEST)/share/zsh/site-functions $(DEST)/share/fish/vendor_completions.d
	install -m 755 $(B)/orgvet $(DEST)/bin/orgvet
	install -m 644 src/report/report-1.json $(DEST)/share/orgvet/report-1.json
	install -m 644 $(PAGES:%=$(DOC)/%) $(DEST)/share/man/man1/
	install -m 644 $(PAGES:%=$(DOC)/de/%) $(DEST)/share/man/de/man1/
	LC_ALL=C $(B)/orgvet completion bash >$(DEST)/share/bash-completion/completions/orgvet
	LC_ALL=C $(B)/orgvet completion zsh >$(DEST)/share/zsh/site-functions/_orgvet
	LC_ALL=C $(B)/orgvet completion fish >$(DEST)/share/fish/vendor_completions.d/orgvet.fish

install: install-command
	install -d $(DEST)/lib/pkgconfig $(DEST)/include/orgvet
	install -m 644 $(B)/liborgvet.a $(DEST)/lib/liborgvet.a
	install -m 755 $(B)/$(SO) $(DEST)/lib/$(SO)
	ln -sf $(SO) $(DEST)/lib/liborgvet.so.$(SOVERSION)
	ln -sf liborgvet.so.$(SOVERSION) $(DEST)/lib/liborgvet.so
	install -m 644 $(HEADERS) $(DEST)/include/orgvet/
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' 'includedir=$${prefix}/include' \
	  'schemadir=$${prefix}/share/orgvet' '' 'Name: orgvet' \
	  'Description: vets organisation-structure CSV files before they are imported' \
	  'Version: $(VERSION)' 'Libs: -L$${libdir} -lorgvet' \
	  'Libs.private: $(ENGINE_LIBS)' 'Cflags: -I$${includedir}' \
	  > $(DEST)/lib/pkgconfig/orgvet.pc

uninstall:
	rm -f $(DEST)/bin/orgvet $(DEST)/lib/liborgvet.a $(DEST)/lib/liborgvet.so* \
	  $(DEST)/lib/pkgconfig/orgvet.pc $(PAGES:%=$(DEST)/share/man/man1/%) \
	  $(PAGES:%=$(DEST)/share/man/de/man1/%) $(DEST)/share/bash-completion/completions/orgvet \
	  $(DEST)/share/zsh/site-functions/_orgvet $(DEST)/share/fish/vendor_completions.d/orgvet.fish
	rm -rf $(DEST)/include/orgvet $(DEST)/share/orgvet

# --- a Debian package of the command: build/deb/orgvet_VERSION_ARCH.deb ---

DEB := build/deb/tree
DEB_MAINTAINER ?= The orgvet authors <orgvet@lists.example.org>
define DEB_CONTROL
Package: orgvet
Version: $(VERSION)
Architecture: $(shell dpkg --print-architecture 2>/dev/null)
Maintainer: $(DEB_MAINTAINER)
Section: utils
Priority: optional
Description: vet organisation-structure CSV files before they are imported
 Tells whether a CSV file of positions or departments is right before it is
 imported: duplicates, missing parents, cycles and all else in one run, each
 with its exact place and how to mend it. Knows the Moodle Workplace importers.
endef
define DEB_CHANGELOG
orgvet ($(VERSION)) unstable; urgency=medium

  * See changelog.gz.

 -- $(DEB_MAINTAINER)  $(shell date -u -R -r CHANGELOG.md)
endef
export DEB_CONTROL DEB_CHANGELOG

deb: setup-deb
	@rm -rf build/deb
	@mkdir -p $(DEB)/DEBIAN $(DEB)/usr/share/doc/orgvet build/deb/debian
	@$(MAKE) --no-print-directory install-command PREFIX=/usr DESTDIR=$(DEB) >/dev/null
	@strip --strip-unneeded $(DEB)/usr/bin/orgvet
	@mv $(DEB)/usr/share/zsh/site-functions $(DEB)/usr/share/zsh/vendor-completions
	@gzip -9n $(DEB)/usr/share/man/man1/*.1 $(DEB)/usr/share/man/de/man1/*.1
	@gzip -9nc CHANGELOG.md >$(DEB)/usr/share/doc/orgvet/changelog.gz
	@echo "$$DEB_CHANGELOG" | gzip -9nc >$(DEB)/usr/share/doc/orgvet/changelog.Debian.gz
	@install -m 644 LICENSE $(DEB)/usr/share/doc/orgvet/copyright
	@echo 'Source: orgvet' >build/deb/debian/control
	@cd build/deb && depends=$$(dpkg-shlibdeps -O tree/usr/bin/orgvet 2>/dev/null) && \
	  { echo "$$DEB_CONTROL" | sed "/^Section/i Depends: $${depends#*Depends=}"; \
	    echo "Installed-Size: $$(du -sk tree/usr | cut -f 1)" >size; } >tree/DEBIAN/control && \
	  sed -i "/^Section/r size" tree/DEBIAN/control
	@chmod -R u=rwX,go=rX $(DEB)
	@dpkg-deb --root-owner-group --build $(DEB) build/deb >/dev/null
	@lintian --fail-on error build/deb/orgvet_*.deb
	@ls build/deb/*.deb

clean:
	rm -rf build
