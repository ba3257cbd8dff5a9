/* For the linker: the functions of cli/host.h, which the running script provides as Module.host. */
mergeInto(LibraryManager.library, {
  cli_host_temporary: function(
    path, exists) { Module["host"]["temporary"](UTF8ToString(path), Boolean(exists)); },
  cli_host_last_words: function(text) { Module["host"]["lastWords"](UTF8ToString(text)); },
});
