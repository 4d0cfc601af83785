# Recorded calls as facts, and the model as canonical text, for the tests of model and out.
MODEL_SUPPORT := net_record model_case model_dump model_made
TEST_SUPPORT_model := $(MODEL_SUPPORT:%=$(OBJ)/tests/support/%.o)
TEST_SUPPORT_out := $(TEST_SUPPORT_model) $(OBJ)/tests/support/json_schema.o \
    $(OBJ)/tests/support/json_lines.o $(OBJ)/tests/support/golden.o $(OBJ)/tests/support/utf8_locale.o
SOURCES += tests/support/model_case.c tests/support/model_dump.c tests/support/model_made.c tests/support/json_schema.c \
    tests/support/json_lines.c
