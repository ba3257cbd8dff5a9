#!/usr/bin/python3
"""python.py FILE: duplicates, missing parents and cycles with Python's csv module and a dict."""
import csv, sys

parents, duplicates = {}, 0
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = csv.reader(file)
    next(rows)
    for row in rows:
        if row[0] in parents:
            duplicates += 1
        else:
            parents[row[0]] = row[1]
missing = sum(1 for parent in parents.values() if parent and parent not in parents)
state, cyclic = {}, 0
for start in parents:
    node = start
    while node in parents and node not in state:
        state[node] = start
        node = parents[node]
    if state.get(node) == start and node in parents:
        end = node
        while True:
            cyclic += 1
            node = parents[node]
            if node == end:
                break
print("rows", len(parents) + duplicates, "duplicates", duplicates, "missing", missing, "cyclic", cyclic)
