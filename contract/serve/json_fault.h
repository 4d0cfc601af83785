/* json_fault: why a body is no JSON, in the words and with the line and column of the node's
 * parser. For the answer only; what is JSON at all is decided by net/json. */
#ifndef CONTRACT_SERVE_JSON_FAULT_H
#define CONTRACT_SERVE_JSON_FAULT_H

#include "net/base/buf.h"

/* Appends "EOF while parsing a value at line 1 column 11". False, and nothing is appended, when
 * no fault is found. */
bool json_fault(struct str text, struct buf *out);

#endif
