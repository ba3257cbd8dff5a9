/* For the linker: the functions of cli/host.h, which the running script provides as Module.host. */
mergeInto(LibraryManager.library, {
  cli_host_temporary: function(
    path, exists) { Module["host"]["temporary"](UTF8ToString(path), Boolean(exists)); },
  cli_host_last_words: function(text) { Module["host"]["lastWords"](UTF8ToString(text)); },
  cli_host_path__deps: ["malloc"],
  cli_host_path: function(given) {
    const path = UTF8ToString(given), own = Module["host"]["path"](path);
    return own === path ? given : allocateUTF8(own);
  },
});
