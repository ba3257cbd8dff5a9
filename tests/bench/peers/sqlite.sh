#!/bin/sh
# sqlite.sh FILE: the three checks in SQLite, in memory.
sqlite3 :memory: <<END
PRAGMA synchronous = OFF;
PRAGMA temp_store = MEMORY;
.mode csv
.import '$1' t
CREATE INDEX by_id ON t(idnumber);
CREATE INDEX by_parent ON t(parentid);
.mode list
SELECT count(*) - count(DISTINCT idnumber) FROM t;
SELECT count(*) FROM t a WHERE parentid <> '' AND NOT EXISTS (SELECT 1 FROM t b WHERE b.idnumber = a.parentid);
WITH RECURSIVE r(id) AS (SELECT idnumber FROM t WHERE parentid = '' UNION ALL SELECT t.idnumber FROM t JOIN r ON t.parentid = r.id) SELECT (SELECT count(*) FROM t) - count(*) FROM r;
END
