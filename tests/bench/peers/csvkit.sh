#!/bin/sh
# csvkit.sh FILE: duplicates and missing parents with csvkit (csvsql, which uses SQLite); it cannot
# find cycles.
exec csvsql --no-inference --tables t --query "SELECT count(*) - count(DISTINCT idnumber),
  (SELECT count(*) FROM t WHERE parentid <> '' AND parentid NOT IN (SELECT idnumber FROM t)) FROM t" "$1"
