/* base/xml.h: escaping for XML 1.0. */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "base/text.h"

enum ov_xml_style {
    OV_XML_CONTENT,   /* for character data: tabs and line feeds are kept */
    OV_XML_ATTRIBUTE, /* also for attribute values, where a parser would read them as spaces:
                         escaped */
};

/* Appends a text, escaped (XML 1.0, sections 2.2, 2.4). Ill-formed UTF-8 and characters that XML
 * cannot represent become U+FFFD; `##[`, which build servers interpret as a command, and characters
 * that are invisible are escaped. Running out of memory sets out->failed. */
void ov_buf_xml(struct ov_buf *out, struct ov_text text, enum ov_xml_style style);

#endif
