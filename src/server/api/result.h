/* server/api/result.h: formats the result of a function in declared order: JSON as PHP's
 * json_encode does, XML as Moodle's REST server does (PROTOCOL.md, REST). */
#ifndef SERVER_API_RESULT_H
#define SERVER_API_RESULT_H

#include "base/json.h"
#include "server/api/functions.h"

/* Write a value as JSON, in the writer's style and as the member `key`, or append it as XML.
 * Running out of memory sets the buffer's `failed`. */
void ov_result_json(struct ov_json *json, const char *key, const struct ov_spec *spec,
                    const struct ov_value *value);
void ov_result_xml(struct ov_buf *out, const struct ov_spec *spec, const struct ov_value *value);

#endif
