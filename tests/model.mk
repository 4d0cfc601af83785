# Recorded calls as facts, and the model as canonical text, for the tests of model and out.
MODEL_SUPPORT := net_record model_case model_dump model_made
OUT_SUPPORT := json_schema json_lines json_file golden utf8_locale
TEST_SUPPORT_model := $(MODEL_SUPPORT:%=$(OBJ)/tests/support/%.o)
TEST_SUPPORT_out := $(TEST_SUPPORT_model) $(OUT_SUPPORT:%=$(OBJ)/tests/support/%.o)
SOURCES += tests/support/model_case.c tests/support/model_dump.c tests/support/model_made.c \
    $(OUT_SUPPORT:%=tests/support/%.c)
