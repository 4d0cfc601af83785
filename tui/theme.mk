# The default theme is part of the program.
$(OBJ)/gen/default_theme.c: themes/default.theme
	@mkdir -p $(@D)
	$(Q){ echo '#include <stddef.h>'; \
	echo 'extern const unsigned char default_theme_text[]; extern const size_t default_theme_text_size;'; \
	echo 'const unsigned char default_theme_text[] = {'; \
	od -An -v -tu1 $< | sed 's/ *\([0-9][0-9]*\)/\1,/g'; echo '};'; \
	echo 'const size_t default_theme_text_size = sizeof(default_theme_text);'; } > $@

$(OBJ)/gen/default_theme.o: $(OBJ)/gen/default_theme.c
	$(Q)$(CC) $(CPPFLAGS_) $(CFLAGS_) -c -o $@ $<
