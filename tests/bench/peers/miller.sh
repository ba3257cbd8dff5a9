#!/bin/sh
# miller.sh FILE: the three checks in Miller's language.
exec mlr --icsv --ojsonl --from "$1" put -q '
begin { @duplicates = 0; @parents = {} }
if (haskey(@parents, $idnumber)) { @duplicates += 1 } else { @parents[$idnumber] = $parentid }
end {
  missing = 0;
  cyclic = 0;
  state = {};
  for (id, parent in @parents) { if (parent != "" && !haskey(@parents, parent)) { missing += 1 } }
  for (start, unused in @parents) {
    node = start;
    while (true) {
      if (node == "") { break }
      if (!haskey(@parents, node)) { break }
      if (haskey(state, node)) { break }
      state[node] = start;
      node = @parents[node]
    }
    if (node != "" && haskey(state, node)) {
      if (state[node] == start) {
        last = node;
        do { cyclic += 1; node = @parents[node] } while (node != last)
      }
    }
  }
  emit1 {"duplicates": @duplicates, "missing": missing, "cyclic": cyclic}
}'
