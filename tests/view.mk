# Scenes for the tests of pictures: recorded calls, and made ones.
VIEW_SUPPORT := view_scene model_made golden utf8_locale json_file
TEST_SUPPORT_view := $(VIEW_SUPPORT:%=$(OBJ)/tests/support/%.o)
TEST_SUPPORT_input := $(OBJ)/tests/support/utf8_locale.o
TEST_SUPPORT_term := $(OBJ)/tests/support/utf8_locale.o
# Files of themes, written by the test.
TEST_SUPPORT_theme := $(OBJ)/tests/support/text_file.o
-include $(TEST_SUPPORT_view:.o=.d)
