# What goes to a person's machine: the program, its manual, themes and completions, by
# `make install`, or as a Debian package by `make deb`.

# --- completions: made from the program's own tables ------------------------------------------
COMPLETIONS := $(OBJ)/share/neartop.bash $(OBJ)/share/_neartop $(OBJ)/share/neartop.fish
SHELL_OF     = $(if $(findstring .,$(@F)),$(patsubst .%,%,$(suffix $(@F))),zsh)
THEMES      := $(filter-out themes/TEMPLATE.theme,$(wildcard themes/*.theme))

completions: $(COMPLETIONS)
$(OBJ)/share/tables: $(OBJ)/neartop $(THEMES)
	@mkdir -p $(@D)
	$(Q){ $(OBJ)/neartop --dump-tables; printf 'theme\t%s\n' $(basename $(notdir $(THEMES))); } > $@
$(COMPLETIONS): $(OBJ)/share/tables tui/share/completion.awk
	$(call say,AWK,$@)
	$(Q){ $(if $(filter zsh,$(SHELL_OF)),echo '#compdef neartop';) \
	    LC_ALL=C awk -v shell=$(SHELL_OF) -f tui/share/completion.awk $<; } > $@

# --- install ------------------------------------------------------------------------------------
BINDIR  ?= $(PREFIX)/bin
MANDIR  ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
OURDIR   = $(PREFIX)/share/neartop
PAGES   := $(wildcard tui/share/*.[15])
page_at  = $(MANDIR)/man$(patsubst .%,%,$(suffix $(1)))/$(notdir $(1))

install: all completions  ## into $(DESTDIR)$(PREFIX)
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(MANDIR)/man1 $(MANDIR)/man5 $(OURDIR)/themes $(BASHDIR) $(ZSHDIR) $(FISHDIR))
	install -m 755 $(OBJ)/neartop $(DESTDIR)$(BINDIR)/neartop
	$(foreach p,$(PAGES),install -m 644 $(p) $(DESTDIR)$(call page_at,$(p)) &&) true
	install -m 644 themes/*.theme $(DESTDIR)$(OURDIR)/themes/
	install -m 644 $(OBJ)/share/neartop.bash $(DESTDIR)$(BASHDIR)/neartop
	install -m 644 $(OBJ)/share/_neartop $(DESTDIR)$(ZSHDIR)/_neartop
	install -m 644 $(OBJ)/share/neartop.fish $(DESTDIR)$(FISHDIR)/neartop.fish

uninstall:            ## takes away what install put there
	rm -f $(DESTDIR)$(BINDIR)/neartop $(foreach p,$(PAGES),$(DESTDIR)$(call page_at,$(p))) \
	    $(DESTDIR)$(BASHDIR)/neartop $(DESTDIR)$(ZSHDIR)/_neartop $(DESTDIR)$(FISHDIR)/neartop.fish
	rm -rf $(DESTDIR)$(OURDIR)

# --- a Debian package -----------------------------------------------------------------------------
DEB_ROOT := $(BUILD)/deb
DEB       = $(BUILD)/neartop_$(VERSION)_$(shell dpkg --print-architecture 2>/dev/null || echo any).deb

deb: all completions  ## a Debian package in build/, for machines like this one
	$(Q)rm -rf $(DEB_ROOT)
	$(Q)$(MAKE) --no-print-directory -s install DESTDIR=$(DEB_ROOT) PREFIX=/usr \
	    ZSHDIR=/usr/share/zsh/vendor-completions
	$(Q)tui/share/deb.sh $(DEB_ROOT) $(VERSION) $(DEB)

.PHONY: completions install uninstall deb
