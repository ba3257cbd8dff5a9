/* server/api/export_file.h: the file of an export, as an answer. */
#ifndef SERVER_API_EXPORT_FILE_H
#define SERVER_API_EXPORT_FILE_H

#include "server/http/request.h"

/* Answers with an export's file if the caller may see it; name: must match the file's name unless
 * empty. False after a fault or a failure. */
bool ov_send_export(struct ov_request *request, int64_t id, struct ov_text name);

#endif
