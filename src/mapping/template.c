/* mapping/template.c: the template of an importer (orgvet/importer.h): its columns and two sample
 * rows, as CSV or as a workbook with a comment at each heading. */
#include "base/error.h"
#include "base/i18n.h"
#include "book/book_writer.h"
#include "mapping/importer.h"

enum { CHOICES_FROM = 1 /* line, from 0 */ };

/* What to enter in a column, for people. */
static const char *explanation(const struct ov_field *field)
{
    switch (field->kind) {
    case OV_FIELD_NAME: return OV_N_("The name: at most 255 characters, must not be empty.");
    case OV_FIELD_ID:
        return OV_N_("The identifier: different in every row, at most 100 characters. Other rows "
                     "name it as their parent.");
    case OV_FIELD_PARENT: return OV_N_("The identifier of the parent; empty for a top-level row.");
    case OV_FIELD_FORMAT:
        return OV_N_(
            "The format of the description: 1 (HTML; also if empty), 0 (automatic), 2 (plain "
            "text) or 4 (Markdown).");
    case OV_FIELD_FLAG:
        return ov_text_equal(ov_text_of(field->name), OV_TEXT("globalmanager"))
                   ? OV_N_("1: the holder manages everyone; 0 or empty: no.")
                   : OV_N_("1: the holder manages the department; 0 or empty: no.");
    default: return OV_N_("The description: may be empty.");
    }
}

/* The permitted values of a kind of field, ending with NULL; NULL: any. */
static const char *const *choices(enum ov_field_kind kind)
{
    static const char *const flags[] = {"1", "0", NULL};
    static const char *const formats[] = {"0", "1", "2", "4", NULL};
    return kind == OV_FIELD_FLAG ? flags : kind == OV_FIELD_FORMAT ? formats : NULL;
}

/* Puts the sample, whose cells have no quotes, into a sheet. */
static void put_sample(struct ov_book_sheet *sheet, const char *sample)
{
    size_t line = 0, column = 0;
    for (const char *cell = sample; *cell;) {
        size_t len = strcspn(cell, ",\n");
        ov_sheet_put(sheet, line, column, (struct ov_text){cell, len},
                     line ? OV_STYLE_CELL : OV_STYLE_HEADING);
        column = cell[len] == ',' ? column + 1 : 0;
        line += cell[len] == '\n';
        cell += len + (cell[len] != '\0');
    }
}

/* Adds to each column its explanation, its choices, and that its cells are texts. */
static void put_columns(struct ov_book_sheet *sheet, const struct ov_importer *importer,
                        enum ov_language language)
{
    size_t column = 0;
    for (const char *cell = importer->sample;; column++) {
        size_t len = strcspn(cell, ",\n");
        int index = ov_importer_field(importer, (struct ov_text){cell, len});
        bool text = index >= 0 && importer->fields[index].kind == OV_FIELD_LONG_TEXT;
        ov_sheet_text_column(sheet, column, text ? 40 : 22);
        if (index >= 0) {
            const struct ov_field *field = &importer->fields[index];
            const char *const *values = choices(field->kind);
            ov_sheet_comment(sheet, 0, column,
                             ov_text_of(ov_translate(language, explanation(field))));
            if (values)
                ov_sheet_choices(sheet, CHOICES_FROM, column, values);
        }
        if (cell[len] != ',')
            return;
        cell += len + 1;
    }
}

static enum ov_status write_workbook(const struct ov_importer *importer, enum ov_language language,
                                     const struct ov_sink *sink, struct ov_error *err)
{
    struct ov_book_writer *writer = ov_book_writer_new(err);
    if (!writer)
        return err ? err->status : OV_E_MEMORY;
    struct ov_book_sheet *sheet = ov_book_writer_sheet(writer, ov_text_of(importer->name));
    if (sheet) {
        put_columns(sheet, importer, language);
        put_sample(sheet, importer->sample);
        ov_sheet_freeze(sheet, 1);
    }
    enum ov_status status = ov_book_writer_end(writer, sink, err);
    ov_book_writer_free(writer);
    return status;
}

enum ov_status ov_importer_write_template(const struct ov_importer *importer, bool workbook,
                                          enum ov_language language, const struct ov_sink *sink,
                                          struct ov_error *err)
{
    if (workbook)
        return write_workbook(importer, language, sink, err);
    enum ov_status status = sink->write(sink->ctx, OV_UTF8_MARK, strlen(OV_UTF8_MARK), err);
    return status == OV_OK ? sink->write(sink->ctx, importer->sample, strlen(importer->sample), err)
                           : status;
}
