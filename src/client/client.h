/* client/client.h: a client of an import service that speaks the Moodle Workplace migration web
 * services (seeds/migration-web-services.txt): this orgvet's own, or a site. The token goes in
 * bodies alone, never in a URL, and to no other host. Every call is told apart in what may be asked
 * again when the network fails: an import is never scheduled twice. */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <stdbool.h>

#include "orgvet/base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ov_client;

/* Where and as whom. Texts are copied. */
struct ov_client_options {
    const char *site; /* http or https URL; a path is kept */
    const char *token;
    bool insecure_http;        /* http also where it is not this machine */
    unsigned timeout;          /* seconds that one answer may take; 0: 120 */
    enum ov_language language; /* in which the site is asked to tell what an import did */
};

/* A client; NULL on failure (OV_E_OPTION: the site's URL cannot be used). ov_client_free takes
 * NULL. One thread at a time. */
OV_API OV_MUST_USE struct ov_client *ov_client_new(const struct ov_client_options *options,
                                                   struct ov_error *err);
OV_API void ov_client_free(struct ov_client *client);

/* Calls fail with OV_E_NETWORK when the service could not be reached or did not answer as one, and
 * with OV_E_REFUSED when it refused: then this tells its error. Valid until the next call. */
struct ov_refusal {
    struct ov_text exception, errorcode, message; /* as the service said it */
    struct ov_text object;                        /* the whole answer, JSON */
};
OV_API struct ov_refusal ov_client_refusal(const struct ov_client *client);

/* A file that is uploaded. */
struct ov_client_file {
    const char *name;               /* that it has there */
    const struct ov_source *source; /* its bytes */
    uint64_t size;                  /* how many there are */
};
/* Uploads a file to a draft area of its own; *item is its id. sha256: of the bytes that were sent,
 * hexadecimal. */
OV_API OV_MUST_USE enum ov_status ov_client_upload(struct ov_client *client,
                                                   const struct ov_client_file *file, int64_t *item,
                                                   char sha256[65], struct ov_error *err);

/* An import or export to be scheduled. Texts of no length are not sent. */
struct ov_client_work {
    bool is_export;
    struct ov_text kind;     /* class of the importer or exporter */
    int64_t item, exportid;  /* of an import: the file; 0: not this one */
    struct ov_text settings; /* JSON object */
    const char *tenant;      /* NULL: the user's own */
    bool notenant;
    bool dry_run;
};
/* *id: of what was scheduled, 0 for a dry run. ov_client_settings: what is in force, as the service
 * says it, valid until the next call. When an answer to a scheduling was lost, nobody knows whether
 * it took place: OV_E_REFUSED says so, for it must not be tried again. */
OV_API OV_MUST_USE enum ov_status ov_client_schedule(struct ov_client *client,
                                                     const struct ov_client_work *work, int64_t *id,
                                                     struct ov_error *err);
OV_API struct ov_text ov_client_settings(const struct ov_client *client);

/* How far it has come. */
struct ov_client_status {
    int64_t status, progress; /* progress in percent */
    char words[40];           /* "Scheduled", "In progress", "Completed", "Error" */
    bool ended, good;
};
OV_API OV_MUST_USE enum ov_status ov_client_status(struct ov_client *client, bool is_export,
                                                   int64_t id, struct ov_client_status *status,
                                                   struct ov_error *err);

/* One entry of an import's log; texts live until the callback returns. */
struct ov_client_entry {
    struct ov_text level, code, message;
    int64_t line, column, row; /* 0: none */
};
/* Hands over the log of an import; false stops. OV_E_REFUSED when the service has no such function:
 * sites show the log on a page. */
OV_API OV_MUST_USE enum ov_status ov_client_log(struct ov_client *client, int64_t import,
                                                bool (*take)(void *ctx,
                                                             const struct ov_client_entry *entry),
                                                void *ctx, struct ov_error *err);

/* Writes the file of an export. *name (caller frees) is what the service calls it. */
OV_API OV_MUST_USE enum ov_status ov_client_download(struct ov_client *client, int64_t exportid,
                                                     const struct ov_sink *out, char **name,
                                                     struct ov_error *err);
/* Undoes an import; deletes the record of an import or export. */
OV_API OV_MUST_USE enum ov_status ov_client_roll_back(struct ov_client *client, int64_t import,
                                                      int64_t *items, int64_t *frameworks,
                                                      struct ov_error *err);
OV_API OV_MUST_USE enum ov_status ov_client_delete(struct ov_client *client, bool is_export,
                                                   int64_t id, struct ov_error *err);

/* Compares two objects of settings, as text each value, null and no value being the empty text:
 * hands over each key of `here` whose value differs `there`, which may be a list of
 * {"name":…,"value":…} too, as sites of the first generation answer. Keys that only `there` has are
 * ignored: other versions of the importer have more. OV_E_OPTION when one is no object. */
OV_API OV_MUST_USE enum ov_status ov_settings_compare(struct ov_text here, struct ov_text there,
                                                      void (*differs)(void *ctx, const char *key,
                                                                      const char *here,
                                                                      const char *there),
                                                      void *ctx, struct ov_error *err);

#ifdef __cplusplus
}
#endif
#endif
