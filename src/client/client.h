/* client/client.h: a client of the Moodle Workplace migration web services
 * (src/server/PROTOCOL.md), offered by orgvet's own service or by a site. The token is only sent in
 * request bodies, never in a URL or to another host. Requests are retried after network errors only
 * if that is safe: an import is never scheduled twice. */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <stdbool.h>

#include "orgvet/base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ov_client;

/* Options of a client. Strings are copied. */
struct ov_client_options {
    const char *site;          /* http or https URL; may include a path */
    const char *token;         /* web service token */
    bool insecure_http;        /* allow http to other machines */
    unsigned timeout;          /* seconds without progress before a request fails; 0: 120 */
    enum ov_language language; /* requested from the site for messages about imports */
};

/* A new client, which the caller frees; NULL on failure (OV_E_OPTION: invalid site URL).
 * ov_client_free takes NULL. Use a client from one thread at a time. */
OV_API OV_MUST_USE struct ov_client *ov_client_new(const struct ov_client_options *options,
                                                   struct ov_error *err);
OV_API void ov_client_free(struct ov_client *client);

/* Calls fail with OV_E_NETWORK if the service could not be reached or did not answer as one, and
 * with OV_E_REFUSED if it returned an error, which this function returns. Borrowed until the next
 * call. */
struct ov_refusal {
    struct ov_text exception, errorcode, message; /* as returned by the service */
    struct ov_text object;                        /* the whole answer, JSON */
};
OV_API struct ov_refusal ov_client_refusal(const struct ov_client *client);

/* A file to upload. Borrowed for the call. */
struct ov_client_file {
    const char *name;               /* its name in the draft area */
    const struct ov_source *source; /* its bytes */
    uint64_t size;                  /* bytes */
};
/* Uploads a file to a new draft area; *item is its id. sha256: of the bytes sent, hexadecimal,
 * NUL-terminated. */
OV_API OV_MUST_USE enum ov_status ov_client_upload(struct ov_client *client,
                                                   const struct ov_client_file *file, int64_t *item,
                                                   char sha256[65], struct ov_error *err);

/* An import or export to schedule. Empty texts are not sent. Borrowed for the call. */
struct ov_client_work {
    bool is_export;          /* otherwise an import */
    struct ov_text kind;     /* class of the importer or exporter */
    int64_t item, exportid;  /* of an import: a draft area or an export; 0: not this one */
    struct ov_text settings; /* JSON object */
    const char *tenant;      /* id or idnumber; NULL: the user's own */
    bool notenant;           /* without a tenant */
    bool dry_run;            /* validate only */
};
/* Schedules a job; *id: its id, 0 for a dry run. ov_client_settings returns the settings in effect,
 * as returned by the service, borrowed until the next call. OV_E_REFUSED also if the answer was
 * lost: it is then unknown whether the job was scheduled, so do not retry. */
OV_API OV_MUST_USE enum ov_status ov_client_schedule(struct ov_client *client,
                                                     const struct ov_client_work *work, int64_t *id,
                                                     struct ov_error *err);
OV_API struct ov_text ov_client_settings(const struct ov_client *client);

/* Status of a job. */
struct ov_client_status {
    int64_t status, progress; /* status: the service's number; progress: percent */
    char words[40];           /* "Scheduled", "In progress", "Completed", "Error" */
    bool ended, good;         /* good: completed without error */
};
OV_API OV_MUST_USE enum ov_status ov_client_status(struct ov_client *client, bool is_export,
                                                   int64_t id, struct ov_client_status *status,
                                                   struct ov_error *err);

/* An entry of an import's log; texts are borrowed for the callback. */
struct ov_client_entry {
    struct ov_text level, code, message;
    int64_t line, column, row; /* 0: none */
};
/* Passes the log entries of an import to take(), which returns false to stop. OV_E_REFUSED if the
 * service lacks the function: sites show the log on a page. */
OV_API OV_MUST_USE enum ov_status ov_client_log(struct ov_client *client, int64_t import,
                                                bool (*take)(void *ctx,
                                                             const struct ov_client_entry *entry),
                                                void *ctx, struct ov_error *err);

/* Writes an export's file to out. *name (caller frees): its file name on the service. */
OV_API OV_MUST_USE enum ov_status ov_client_download(struct ov_client *client, int64_t exportid,
                                                     const struct ov_sink *out, char **name,
                                                     struct ov_error *err);
/* Rolls back an import; items, frameworks: how many were removed. Deletes the record of an import
 * or export. */
OV_API OV_MUST_USE enum ov_status ov_client_roll_back(struct ov_client *client, int64_t import,
                                                      int64_t *items, int64_t *frameworks,
                                                      struct ov_error *err);
OV_API OV_MUST_USE enum ov_status ov_client_delete(struct ov_client *client, bool is_export,
                                                   int64_t id, struct ov_error *err);

/* Compares two sets of settings, each value as text, where null and missing values equal the empty
 * text; calls differs() for each key of `here` with another value in `there`. `here` is a JSON
 * object; `there` may also be a list of {"name":…,"value":…}, as first-generation sites return.
 * Keys only in `there` are ignored: other versions of the importer have more. OV_E_OPTION if either
 * is invalid. */
OV_API OV_MUST_USE enum ov_status ov_settings_compare(struct ov_text here, struct ov_text there,
                                                      void (*differs)(void *ctx, const char *key,
                                                                      const char *here,
                                                                      const char *there),
                                                      void *ctx, struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
