/* A table of built-in contracts with nothing in it. */
#include "contract/wasm/builtin.h"

const struct builtin_contract builtin_contracts[1] = {{.name = ""}};
const size_t builtin_contract_count = 0;
