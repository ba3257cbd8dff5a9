/* book/xml.c: see xml.h. */
#include "book/xml.h"

static const char *local(const char *name)
{
    for (const char *c = name; *c; c++) /* names are short: quicker than strchr */
        if (*c == ':')
            return c + 1;
    return name;
}

static void on_start(void *ctx, const char *name, const char **attributes)
{
    struct ov_xml *xml = ctx;
    if (!xml->stopped)
        xml->start(xml->ctx, local(name), attributes);
}

static void on_end(void *ctx, const char *name)
{
    struct ov_xml *xml = ctx;
    if (!xml->stopped)
        xml->end(xml->ctx, local(name));
}

static void on_text(void *ctx, const char *text, int len)
{
    struct ov_xml *xml = ctx;
    if (!xml->stopped)
        xml->text(xml->ctx, (struct ov_text){text, (size_t)len});
}

/* A DOCTYPE is in no part of a workbook; entities begin there. */
static void on_doctype(void *ctx, const char *name, const char *system, const char *public,
                       int internal)
{
    struct ov_xml *xml = ctx;
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    XML_StopParser(xml->parser, XML_FALSE);
}

static bool parse(struct ov_xml *xml, const char *bytes, size_t len, bool last)
{
    bool fine = XML_Parse(xml->parser, bytes, (int)len, last) == XML_STATUS_OK;
    xml->malformed = !fine && XML_GetErrorCode(xml->parser) != XML_ERROR_NO_MEMORY;
    return fine;
}

static bool take(void *ctx, const char *bytes, size_t len)
{
    struct ov_xml *xml = ctx;
    return parse(xml, bytes, len, false) && !xml->stopped;
}

bool ov_xml_read(struct ov_xml *xml, struct ov_archive *archive, int64_t member,
                 ov_problem *problem)
{
    *problem = NULL;
    xml->stopped = xml->malformed = false;
    xml->parser = XML_ParserCreate(NULL);
    if (!xml->parser)
        return false;
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, xml->end ? on_end : NULL);
    XML_SetCharacterDataHandler(xml->parser, xml->text ? on_text : NULL);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    bool fine = ov_archive_read(archive, member, take, xml, problem) && parse(xml, "", 0, true);
    if (xml->stopped)
        *problem = NULL;
    else if (xml->malformed)
        *problem = ov_problem_broken;
    XML_ParserFree(xml->parser);
    xml->parser = NULL;
    return fine || xml->stopped;
}

void ov_xml_stop(struct ov_xml *xml)
{
    xml->stopped = true;
}

const char *ov_xml_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(local(*attributes), name) == 0)
            return attributes[1];
    return NULL;
}
