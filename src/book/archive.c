/* book/archive.c: see archive.h. */
#include "book/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <zip.h>

#include "base/error.h"
#include "base/i18n.h"

enum { PIECE = 128 * 1024, SMALL = 1 << 20 /* bytes of a member whose ratio does not matter */ };

const ov_problem ov_problem_broken = OV_N_("a broken workbook or zip archive");
const ov_problem ov_problem_password = OV_N_("a workbook with a password");
const ov_problem ov_problem_large =
    OV_N_("a workbook that unpacks to more than is allowed (`--max-workbook`)");

struct ov_archive {
    struct ov_source source;
    uint64_t size, at;
    zip_error_t error;
    zip_t *zip; /* owned */
    /* the member that is kept; -1: none */
    int64_t kept_member;
    FILE *kept; /* owned; NULL: none, or it cannot be */
    bool whole; /* all of it is there */
};

/* --- the source, as libzip asks for it --- */

static zip_int64_t describe(const struct ov_archive *archive, void *data)
{
    zip_stat_t *stat = data;
    zip_stat_init(stat);
    stat->size = archive->size;
    stat->valid |= ZIP_STAT_SIZE;
    return sizeof *stat;
}

static zip_int64_t read_source(struct ov_archive *archive, void *data, zip_uint64_t len)
{
    uint64_t left = archive->size - archive->at;
    size_t got = archive->source.read_at(archive->source.ctx, archive->at, data,
                                         (size_t)(len < left ? len : left));
    archive->at += got;
    return (zip_int64_t)got;
}

static zip_int64_t seek_source(struct ov_archive *archive, void *data, zip_uint64_t len)
{
    zip_int64_t to =
        zip_source_seek_compute_offset(archive->at, archive->size, data, len, &archive->error);
    if (to < 0)
        return -1;
    archive->at = (uint64_t)to;
    return 0;
}

static zip_int64_t on_source(void *ctx, void *data, zip_uint64_t len, zip_source_cmd_t command)
{
    struct ov_archive *archive = ctx;
    switch (command) {
    case ZIP_SOURCE_OPEN: archive->at = 0; return 0;
    case ZIP_SOURCE_READ: return read_source(archive, data, len);
    case ZIP_SOURCE_SEEK: return seek_source(archive, data, len);
    case ZIP_SOURCE_TELL: return (zip_int64_t)archive->at;
    case ZIP_SOURCE_STAT: return describe(archive, data);
    case ZIP_SOURCE_ERROR: return zip_error_to_data(&archive->error, data, len);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE: return 0;
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_SEEK,
                                              ZIP_SOURCE_TELL, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
                                              ZIP_SOURCE_CLOSE, ZIP_SOURCE_FREE, -1);
    default: zip_error_set(&archive->error, ZIP_ER_OPNOTSUPP, 0); return -1;
    }
}

/* --- the archive --- */

static bool is_memory(const zip_error_t *error)
{
    enum { ZLIB_MEMORY = -4 /* Z_MEM_ERROR */ };
    return zip_error_code_zip(error) == ZIP_ER_MEMORY ||
           (zip_error_system_type(error) == ZIP_ET_ZLIB &&
            zip_error_code_system(error) == ZLIB_MEMORY);
}

/* What is wrong with the list of members. */
static ov_problem judge_members(zip_t *zip, uint64_t most)
{
    zip_int64_t count = zip_get_num_entries(zip, 0);
    uint64_t total = 0;
    if (count > OV_ARCHIVE_MEMBERS)
        return ov_problem_broken;
    for (zip_uint64_t i = 0; i < (zip_uint64_t)count; i++) {
        zip_stat_t stat;
        if (zip_stat_index(zip, i, 0, &stat) || !(stat.valid & ZIP_STAT_SIZE) ||
            !(stat.valid & ZIP_STAT_COMP_SIZE) || !(stat.valid & ZIP_STAT_NAME) ||
            zip_name_locate(zip, stat.name, 0) != (zip_int64_t)i)
            return ov_problem_broken;
        if (stat.valid & ZIP_STAT_ENCRYPTION_METHOD && stat.encryption_method != ZIP_EM_NONE)
            return ov_problem_password;
        total += stat.size;
        bool bomb = most != UINT64_MAX && stat.size > SMALL &&
                    stat.size / OV_ARCHIVE_RATIO > stat.comp_size;
        if (bomb || stat.size > most || total > most)
            return ov_problem_large;
    }
    return NULL;
}

struct ov_archive *ov_archive_open(const struct ov_source *source, uint64_t size, uint64_t most,
                                   ov_problem *problem, struct ov_error *err)
{
    struct ov_archive *archive = calloc(1, sizeof *archive);
    *problem = NULL;
    if (!archive) {
        ov_fail_memory(err);
        return NULL;
    }
    archive->source = *source;
    archive->size = size;
    archive->kept_member = -1;
    zip_error_init(&archive->error);
    zip_source_t *from = zip_source_function_create(on_source, archive, &archive->error);
    archive->zip = from ? zip_open_from_source(from, ZIP_RDONLY, &archive->error) : NULL;
    if (archive->zip) {
        *problem = judge_members(archive->zip, most);
    } else {
        *problem = is_memory(&archive->error) ? NULL : ov_problem_broken;
        if (!*problem)
            ov_fail_memory(err);
        zip_source_free(from);
    }
    if (archive->zip && !*problem)
        return archive;
    ov_archive_free(archive);
    return NULL;
}

static void drop_kept(struct ov_archive *archive)
{
    if (archive->kept)
        fclose(archive->kept);
    archive->kept = NULL;
    archive->whole = false;
    archive->kept_member = -1;
}

void ov_archive_free(struct ov_archive *archive)
{
    if (!archive)
        return;
    if (archive->zip)
        zip_discard(archive->zip);
    zip_error_fini(&archive->error);
    drop_kept(archive);
    free(archive);
}

int64_t ov_archive_find(const struct ov_archive *archive, const char *name)
{
    return zip_name_locate(archive->zip, name, 0);
}

uint64_t ov_archive_size(const struct ov_archive *archive, int64_t member)
{
    zip_stat_t stat;
    bool there = member >= 0 && zip_stat_index(archive->zip, (zip_uint64_t)member, 0, &stat) == 0;
    return there ? stat.size : 0;
}

void ov_archive_keep(struct ov_archive *archive, int64_t member)
{
    if (archive->kept_member == member)
        return;
    drop_kept(archive);
    if (member < 0)
        return;
    archive->kept = tmpfile(); /* without it, the member is unpacked again */
    archive->kept_member = archive->kept ? member : -1;
}

/* Reads the member that was kept. */
static bool read_kept(struct ov_archive *archive, char *piece, ov_bytes_fn *take, void *ctx)
{
    size_t got = 0;
    for (uint64_t at = 0;; at += got) {
        got = ov_read_at(fileno(archive->kept), at, piece, PIECE);
        if (got == 0)
            return true;
        if (!take(ctx, piece, got))
            return false;
    }
}

/* Unpacks a member, and keeps it if that is wanted. */
static bool unpack(struct ov_archive *archive, int64_t member, char *piece, ov_bytes_fn *take,
                   void *ctx, ov_problem *problem)
{
    bool keep = member == archive->kept_member, going = true, copied = true;
    zip_file_t *file = zip_fopen_index(archive->zip, (zip_uint64_t)member, 0);
    zip_int64_t got = -1;
    if (keep)
        rewind(archive->kept);
    while (file && going && (got = zip_fread(file, piece, PIECE)) > 0) {
        if (keep && copied)
            copied = fwrite(piece, 1, (size_t)got, archive->kept) == (size_t)got;
        going = take(ctx, piece, (size_t)got);
    }
    if (got < 0 && !is_memory(file ? zip_file_get_error(file) : zip_get_error(archive->zip)))
        *problem = ov_problem_broken;
    if (file)
        zip_fclose(file);
    bool whole = going && got == 0;
    if (keep && whole)
        archive->whole = copied && fflush(archive->kept) == 0;
    if (keep && whole && !archive->whole)
        drop_kept(archive);
    return whole;
}

bool ov_archive_read(struct ov_archive *archive, int64_t member, ov_bytes_fn *take, void *ctx,
                     ov_problem *problem)
{
    char *piece = malloc(PIECE); /* its own: what takes the bytes may read a member, too */
    bool kept = member == archive->kept_member && archive->whole;
    bool whole = piece && (kept ? read_kept(archive, piece, take, ctx)
                                : unpack(archive, member, piece, take, ctx, problem));
    free(piece);
    return whole;
}
