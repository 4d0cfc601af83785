/* json_schema: checks a value against the part of JSON Schema that tests/data uses: $ref into
 * #/$defs, type, const, enum, pattern, properties, required, additionalProperties: false, items,
 * oneOf. Any other keyword is an error of the schema: nothing is passed over in silence. */
#ifndef TESTS_SUPPORT_JSON_SCHEMA_H
#define TESTS_SUPPORT_JSON_SCHEMA_H

#include "net/base/buf.h"
#include "net/json.h"

/* True when the value fits. Else `why` says where it does not and what was expected. */
bool json_schema_fits(const struct json *schema, const struct json *value, struct buf *why);

#endif
