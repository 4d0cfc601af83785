# Scenes for the tests of pictures: recorded calls, and made ones.
VIEW_SUPPORT := view_scene model_made
TEST_SUPPORT_view := $(VIEW_SUPPORT:%=$(OBJ)/tests/support/%.o)
-include $(OBJ)/tests/support/view_scene.d
