# Scenes for the tests of pictures: recorded calls, and made ones.
VIEW_SUPPORT := view_scene model_made golden
TEST_SUPPORT_view := $(VIEW_SUPPORT:%=$(OBJ)/tests/support/%.o)
# Files of themes, written by the test.
TEST_SUPPORT_theme := $(OBJ)/tests/support/text_file.o
-include $(OBJ)/tests/support/view_scene.d
