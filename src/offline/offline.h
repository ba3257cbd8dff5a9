/* offline/offline.h: what the page without a server asks of the engine. page/worker.js calls these
 * functions, one at a time; texts are NUL-terminated UTF-8, requests and answers are JSON (RFC
 * 8259). Files are those of Emscripten's file system: the worker puts them there.
 *
 * A request is an object: `what`, the question (draft/question.h) or the download
 * (draft/download.h); `file`, the path, and `name`, the name, of the file; `language`; how it is
 * read (draft/reading.h); the question's own parameters; and `against`, an object with the same
 * members for the file to compare it with. All other values are texts. An answer is an object with
 * `answer`, or with `error` and `errorcode`, as those of the service (server/PROTOCOL.md); it is
 * borrowed until the next call. */
#ifndef OFFLINE_OFFLINE_H
#define OFFLINE_OFFLINE_H

#define EXPORT __attribute__((used, visibility("default")))

/* Answers a question. */
EXPORT const char *offline_ask(const char *request);
/* How many identifiers of the file to compare with are in the file, as {"items", "known"}. */
EXPORT const char *offline_known(const char *request);
/* A step of edits (draft/edit_steps.h) as it is kept, if it is one and fits those in effect; it is
 * not in effect yet. */
EXPORT const char *offline_step(const char *edits);
/* Sets the steps in effect from now on: none, then each as offline_step printed it. */
EXPORT void offline_steps_begin(void);
EXPORT void offline_steps_add(const char *step);
/* Writes a download to a path, as {"type", "ending"}. */
EXPORT const char *offline_write(const char *request, const char *path);
/* Writes the template of `importer` (`format`: csv or xlsx) to a path; null. */
EXPORT const char *offline_template(const char *request, const char *path);

#endif
