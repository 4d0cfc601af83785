# neartop: one file, no recursion, objects in build/, sources never written to.
# `make help` lists the targets.

CC      ?= gcc
MODE    ?= release
BUILD   ?= build
PREFIX  ?= /usr/local
WERROR  ?= 0
V       ?= 0
ifeq ($(origin CC),default)
CC      := gcc
endif

VERSION := 0.1.0
OBJ     := $(BUILD)/$(notdir $(CC))-$(MODE)
Q       := $(if $(filter 1,$(V)),,@)
say      = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $(2))

# --- libraries -------------------------------------------------------------------------
# ncursesw's own flags redefine _XOPEN_SOURCE: filtered, since the standard is set below.
PACKAGES   := ncursesw libuv libcurl libwebsockets libcjson libsodium inih libsecp256k1 gmp sqlite3
PKG_CFLAGS := $(filter-out -D_XOPEN_SOURCE=% -D_DEFAULT_SOURCE,$(shell pkg-config --cflags $(PACKAGES) 2>/dev/null))
# libcurl is opened when it is first needed: net/curl.h.
PKG_LIBS   := $(filter-out -lcurl,$(shell pkg-config --libs $(PACKAGES) 2>/dev/null))

# --- flags -----------------------------------------------------------------------------
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion \
    -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wformat=2 \
    -Wundef -Wvla -Wimplicit-fallthrough
CPPFLAGS_ := -I. -I$(OBJ)/gen -D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700 -DNEARTOP_VERSION='"$(VERSION)"' $(PKG_CFLAGS)
CFLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
CFLAGS_debug   := -Og -g3
CFLAGS_asan    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
LDFLAGS_asan   := -fsanitize=address,undefined
CFLAGS_fuzz    := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
LDFLAGS_fuzz   := -fsanitize=address,undefined
CFLAGS_  := -std=c17 -fPIE $(WARNINGS) $(if $(filter 1,$(WERROR)),-Werror) $(CFLAGS_$(MODE)) $(CFLAGS)
LDFLAGS_ := -pie $(LDFLAGS_$(MODE)) $(LDFLAGS)

.DEFAULT_GOAL := all
.SECONDARY:
.DELETE_ON_ERROR:

# --- archives: the link order is the dependency rule (style of the house, README) --------
DIR_base := net/base
DIR_near := net/near
DIR_net  := net
DIR_feed := net/serve
DIR_relay := net/relay
DIR_wasm := contract/wasm
DIR_curve := contract/curve
DIR_host := contract/host
DIR_chain := contract/chain
DIR_serve := contract/serve
DIR_model := tui/model
DIR_theme := tui/theme
DIR_input := tui/input
DIR_view := tui/view
DIR_out  := tui/out
DIR_term := tui/term
DIR_app  := tui/app
# Objects that are generated and belong to an archive.
EXTRA_wasm := $(OBJ)/gen/rt_guest_text.o $(OBJ)/gen/wasm_sources.o
EXTRA_theme := $(OBJ)/gen/default_theme.o
AREAS := app term out view input theme model relay serve chain host wasm curve feed net near base
archive = $(OBJ)/lib$(1).a
SOURCES :=
define archive_rule
SRC_$(1) := $$(filter-out %_main.c,$$(wildcard $$(DIR_$(1))/*.c))
SOURCES += $$(SRC_$(1))
$$(call archive,$(1)): $$(patsubst %.c,$$(OBJ)/%.o,$$(SRC_$(1))) $$(EXTRA_$(1))
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach a,$(AREAS),$(eval $(call archive_rule,$(a))))

# What the tests of an area are linked with.
LINK_base  := base
LINK_near  := near base
LINK_net   := net near base
LINK_feed  := feed net near base
LINK_wasm  := wasm near base
LINK_curve := curve near base
LINK_host  := host wasm curve near base
LINK_chain := chain host wasm curve near base
LINK_serve := serve chain host wasm curve feed net near base
LINK_relay := relay $(LINK_serve)
LINK_model := model net near base
LINK_theme := theme model near base
LINK_input := input near base
LINK_view  := view out theme input model net near base
LINK_out   := out model net near base
LINK_term  := term view theme input model near base
LINK_app   := app term view out theme input model relay feed net near base
LINK_contract := near base

all: check-libraries $(BUILD)/neartop   ## build build/neartop

# Parts with rules of their own (contracts to wasm, built-in contract objects, embedded files).
-include $(wildcard contract/*.mk tui/*.mk tests/*.mk)

LIBS_ALL = $(foreach a,$(AREAS),$(call archive,$(a)))
$(OBJ)/neartop: $(OBJ)/tui/main.o $(LIBS_ALL) $(BUILTIN_OBJS)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS_) -rdynamic -o $@ $(OBJ)/tui/main.o $(BUILTIN_OBJS) \
	    -Wl,--start-group $(LIBS_ALL) -Wl,--end-group $(PKG_LIBS) -ldl -lm
# Whichever was built last: its time is that of what it points at, so it is looked at each time.
$(BUILD)/neartop: $(OBJ)/neartop always
	$(Q)[ "$$(readlink $@)" = $(notdir $(OBJ))/neartop ] || ln -sf $(notdir $(OBJ))/neartop $@
always:

$(OBJ)/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_) $(CFLAGS_) $(CFLAGS_FOR_$(subst /,_,$*)) -MMD -MP -c -o $@ $<

# --- tests -----------------------------------------------------------------------------
AREA ?= *
UNIT_SOURCES := $(wildcard tests/unit/$(AREA)/test_*.c)
UNIT_TESTS   := $(patsubst %.c,$(OBJ)/%,$(UNIT_SOURCES))
test_area = $(word 3,$(subst /, ,$(1)))
define unit_rule
$$(OBJ)/$(1): $$(OBJ)/$(1).o $$(TEST_SUPPORT_$(call test_area,$(1))) \
    $$(foreach a,$$(LINK_$(call test_area,$(1))),$$(call archive,$$(a)))
	$$(call say,LD,$$@)
	$$(Q)$$(CC) $$(LDFLAGS_) -rdynamic -o $$@ $$(OBJ)/$(1).o $$(TEST_SUPPORT_$(call test_area,$(1))) \
	    -Wl,--start-group $$(foreach a,$$(LINK_$(call test_area,$(1))),$$(call archive,$$(a))) \
	    -Wl,--end-group $$(PKG_LIBS) -lcmocka -ldl -lm
endef
$(foreach t,$(UNIT_SOURCES:.c=),$(eval $(call unit_rule,$(t))))

test-unit: $(UNIT_TESTS)
	$(Q)tests/support/run_units.sh $(UNIT_TESTS)

# --- the two commands, and the others ----------------------------------------------------
demo:                 ## install what is missing, build, and show the demo live
	@.ci/deps build
	@$(MAKE) --no-print-directory all
	@$(BUILD)/neartop demo $(DEMO) || [ $$? -le 2 ]	# how the call ended is news, no error of make

test:                 ## install what is missing, build, and run all tests
	@.ci/deps test
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory test-all

test-all: $(UNIT_TESTS) $(SCREEN_TESTS) $(FUZZ_TESTS) $(BUILD)/neartop
	$(Q)NEARTOP=$(OBJ)/neartop tests/support/run_units.sh $(UNIT_TESTS) $(SCREEN_TESTS) $(FUZZ_TESTS)

deps:                 ## install what is missing
	@.ci/deps test

lint:                 ## the rules of the house
	@CC="$(CC)" LINT_CPPFLAGS="-D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700" tests/support/lint.sh

format:               ## clang-format 14 on all sources
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:                ## take build/ away
	rm -rf $(BUILD)

help:                 ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1~\2/p' Makefile tui/*.mk tests/*.mk contract/*.mk | tr '~' '\t' | expand -t 24

check-libraries:
	@missing=; for p in $(PACKAGES); do pkg-config --exists $$p 2>/dev/null || missing="$$missing $$p"; done; \
	[ -z "$$missing" ] || { echo "neartop: these libraries are missing:$$missing; 'make deps' installs them" >&2; exit 1; }

.PHONY: all always demo test test-all test-unit deps lint format clean help check-libraries

-include $(wildcard $(patsubst %.c,$(OBJ)/%.d,$(SOURCES) $(UNIT_SOURCES) tui/main.c))
