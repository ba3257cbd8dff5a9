/* tests/fuzz/book.c: libFuzzer target for workbooks. The first byte says which part of a workbook
 * the others replace; the archive around them is sound. Places must ascend, and rows have a bounded
 * number of cells. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "orgvet/orgvet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAIN      "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define RELATIONS "<Relationships>"
#define TYPE      "Type=\"http://x/"

static const struct part {
    const char *name, *text;
} sheets[] =
    {
        {"_rels/.rels", RELATIONS "<Relationship Id=\"a\" " TYPE
                                  "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
        {"xl/workbook.xml",
         "<workbook " MAIN "><sheets><sheet name=\"S\" id=\"r1\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels", RELATIONS
         "<Relationship Id=\"r1\" " TYPE "worksheet\" Target=\"worksheets/sheet1.xml\"/>"
         "<Relationship Id=\"r2\" " TYPE "sharedStrings\" Target=\"sharedStrings.xml\"/>"
         "<Relationship Id=\"r3\" " TYPE "styles\" Target=\"styles.xml\"/></Relationships>"},
        {"xl/sharedStrings.xml", "<sst><si><t>idnumber</t></si><si><t>name</t></si></sst>"},
        {"xl/styles.xml",
         "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
        {"xl/worksheets/sheet1.xml",
         "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>"
         "<row r=\"2\"><c r=\"A2\" s=\"1\"><v>7</v></c></row></sheetData></worksheet>"},
},
  texts[] = {
      {"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
      {"content.xml", "<document-content/>"},
};
enum { SHEETS = sizeof sheets / sizeof *sheets, TEXTS = sizeof texts / sizeof *texts };

static enum ov_status on_record(void *ctx, const struct ov_record *record, struct ov_error *err)
{
    uint64_t *last = ctx;
    (void)err;
    if (record->kept > 16384 || record->kept != record->count || record->place.line <= *last)
        abort();
    *last = record->place.line;
    for (size_t i = 0; i < record->kept; i++) {
        struct ov_place place = ov_cell_place(record, i);
        if (place.line != record->place.line || place.column != i + 1 ||
            (record->cells[i].text.len && !record->cells[i].text.ptr))
            abort();
    }
    return OV_OK;
}

/* Adds the parts; the one with that index has the data. */
static int add_parts(zip_t *zip, const struct part *parts, size_t count, size_t index,
                     const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        const void *bytes = i == index ? (const void *)data : parts[i].text;
        size_t len = i == index ? size : strlen(parts[i].text);
        zip_source_t *source = zip_source_buffer(zip, bytes, len, 0);
        if (!source || zip_file_add(zip, parts[i].name, source, 0) < 0)
            return -1;
    }
    return 0;
}

/* The archive; the caller frees it. */
static char *pack(const uint8_t *data, size_t size, zip_uint64_t *len)
{
    zip_source_t *buffer = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_source_keep(buffer);
    zip_t *zip = zip_open_from_source(buffer, ZIP_TRUNCATE, NULL);
    size_t which = data[0] % (SHEETS + 1);
    if (which < SHEETS)
        add_parts(zip, sheets, SHEETS, which, data + 1, size - 1);
    else
        add_parts(zip, texts, TEXTS, 1, data + 1, size - 1);
    char *bytes = NULL;
    zip_stat_t stat;
    if (zip_close(zip) == 0 && zip_source_stat(buffer, &stat) == 0 &&
        zip_source_open(buffer) == 0) {
        bytes = malloc(stat.size + 1);
        *len = stat.size;
        if (zip_source_read(buffer, bytes, stat.size) != (zip_int64_t)stat.size)
            *len = 0;
        zip_source_close(buffer);
    }
    zip_source_free(buffer);
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ov_read_options options = {.max_workbook = 1 << 24};
    zip_uint64_t len = 0;
    uint64_t last = 0;
    struct ov_error err = {0};
    if (size == 0)
        return 0;
    char *bytes = pack(data, size, &len);
    struct ov_reader *reader = ov_reader_new(&options, on_record, &last, &err);
    if (bytes && len && reader && ov_reader_feed(reader, bytes, len, &err) == OV_OK &&
        ov_reader_finish(reader, &err) != OV_OK && err.status != OV_E_OPTION)
        abort();
    ov_reader_free(reader);
    free(bytes);
    return 0;
}
