/* cli/sheets.c: see sheets.h. */
#include "cli/sheets.h"

#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/message.h"

enum { PIECE = 128 * 1024, MOST = 64 /* sheets that are looked at */ };

void cli_sheets_deinit(struct cli_sheets *sheets)
{
    for (size_t i = 0; i < sheets->count; i++)
        free(sheets->names[i]);
    free(sheets->names);
    *sheets = (struct cli_sheets){0};
}

static void on_sheet(void *ctx, struct ov_text name, bool visible)
{
    struct cli_sheets *sheets = ctx;
    if (!visible || sheets->count == MOST || sheets->failed)
        return;
    char **grown = realloc(sheets->names, (sheets->count + 1) * sizeof *grown);
    if (grown)
        sheets->names = grown;
    sheets->failed = !grown || !(grown[sheets->count] = strndup(name.ptr, name.len));
    sheets->count += !sheets->failed;
}

/* Whether a check of the head of a sheet finds at least two of identifier, name and parent, or
 * another way in which it names the parents. */
static bool has_fields(const struct ov_check *check)
{
    struct ov_column_choice choice;
    size_t found = 0;
    bool identifier = false;
    for (size_t i = 0; ov_check_column(check, i, &choice); i++) {
        bool there = choice.state != OV_COLUMN_NONE;
        if (i == 0)
            identifier = there;
        else if (strcmp(choice.field, "name") == 0 || strcmp(choice.field, "parentid") == 0)
            found += there;
    }
    return found + identifier >= 2 || ov_check_proposed_parents(check).len > 0;
}

static bool fits(const struct cli_vetting *vetting, struct cli_input *input, const char *name)
{
    struct ov_check_options options = vetting->options;
    struct ov_error err = {.language = cli_language()};
    options.read.sheet = name;
    options.settings_only = options.accept_mapping = true;
    options.importer_required = false;
    options.file_name = input->name;
    char *bytes = malloc(PIECE);
    struct ov_check *check = bytes ? ov_check_new(&options, &err) : NULL;
    enum ov_status status = check ? OV_OK : OV_E_MEMORY;
    size_t got = 1;
    for (uint64_t at = 0; status == OV_OK && got; at += got) {
        got = input->source.read_at(input->source.ctx, at, bytes, PIECE);
        status = ov_check_feed(check, bytes, got, &err);
    }
    if (status == OV_OK)
        status = ov_check_finish(check, &err);
    bool fine = status == OV_OK && ov_check_has_columns(check) && has_fields(check);
    ov_check_free(check);
    free(bytes);
    return fine;
}

/* Replaces the sheets by those that the configuration names. False after a message. */
static bool take_named(struct cli_sheets *sheets, const struct cli_vetting *vetting)
{
    cli_sheets_deinit(sheets);
    for (size_t i = 0; i < vetting->sheet_count; i++)
        on_sheet(sheets, (struct ov_text){vetting->sheets[i], strlen(vetting->sheets[i])}, true);
    if (sheets->failed)
        cli_fail("out of memory");
    return !sheets->failed;
}

static bool is_skipped(const struct cli_vetting *vetting, const char *name)
{
    for (size_t i = 0; i < vetting->skipped_count; i++)
        if (strcmp(vetting->skipped[i], name) == 0)
            return true;
    return false;
}

bool cli_sheets_find(struct cli_sheets *sheets, const struct cli_vetting *vetting,
                     struct cli_input *input)
{
    struct ov_error err = {.language = cli_language()};
    size_t kept = 0;
    *sheets = (struct cli_sheets){0};
    if (vetting->options.read.sheet || !input->seekable)
        return true;
    if (ov_workbook_sheets(&input->source, input->size, vetting->options.read.max_workbook,
                           on_sheet, sheets, &err) != OV_OK) {
        cli_fail("%s: %s", input->name, err.message);
        return false;
    }
    if (sheets->failed) {
        cli_fail("out of memory");
        return false;
    }
    if (sheets->count && vetting->sheet_count)
        return take_named(sheets, vetting);
    bool several = sheets->count > 1;
    for (size_t i = 0; i < sheets->count; i++) {
        bool only = kept == 0 && i + 1 == sheets->count; /* the caller says that it is skipped */
        if ((is_skipped(vetting, sheets->names[i]) && !only) ||
            (several && !fits(vetting, input, sheets->names[i])))
            free(sheets->names[i]);
        else
            sheets->names[kept++] = sheets->names[i];
    }
    sheets->count = kept;
    return true;
}
