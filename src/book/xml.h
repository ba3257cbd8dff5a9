/* book/xml.h: XML of a workbook's parts, parsed by expat: without a DOCTYPE, and so without
 * entities of its own. Names are compared without their prefix. */
#ifndef BOOK_XML_H
#define BOOK_XML_H

#include <expat.h>

#include "book/archive.h"

struct ov_xml {
    XML_Parser parser; /* owned */
    void (*start)(void *ctx, const char *name, const char **attributes);
    void (*end)(void *ctx, const char *name);     /* or NULL */
    void (*text)(void *ctx, struct ov_text text); /* or NULL */
    void *ctx;
    bool stopped;   /* by ov_xml_stop */
    bool malformed; /* internal: the last bytes were */
};

/* Parses a member. False when it is not well-formed, was stopped, or is broken (*problem is set); a
 * failure of memory sets *problem to NULL. */
bool ov_xml_read(struct ov_xml *xml, struct ov_archive *archive, int64_t member,
                 ov_problem *problem);
/* To be called from a handler: nothing more is read, which is not a problem. */
void ov_xml_stop(struct ov_xml *xml);

/* The value of an attribute; NULL: it is not there. */
const char *ov_xml_attribute(const char **attributes, const char *name);

#endif
