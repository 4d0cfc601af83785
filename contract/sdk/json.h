/* json: reading arguments and writing results, properly: escapes, nesting, validation.
 *
 * A value is the span of its text; nothing is copied until it is asked for. Numbers stay text,
 * so none is rounded. Depth has a ceiling. */
#ifndef CONTRACT_SDK_JSON_H
#define CONTRACT_SDK_JSON_H

#include "contract/sdk/text.h"

enum { JSON_MAX_DEPTH = 32 };

/* The whole text is one valid value (blanks around it allowed). */
bool json_valid(struct text t);
/* The member of an object that is valid; false when there is none or it is no object. */
bool json_member(struct text object, struct text key, struct text *value);
bool json_is_null(struct text value);
bool json_is_string(struct text value);
/* Appends the string's characters; false when the value is no string. */
bool json_string(struct text value, struct out *o);
bool json_bool(struct text value, bool *out);

/* Appends in quotes, escaped. */
void json_quote(struct out *o, struct text s);

#endif
