/* For the linker: the functions of cli/host.h, which the running script provides as Module.host. */
mergeInto(LibraryManager.library, {
  cli_host_forget: function(path) { Module["host"]["forget"](UTF8ToString(path)); },
  cli_host_last_words: function(text) { Module["host"]["lastWords"](UTF8ToString(text)); },
  cli_host_path__deps: ["malloc"],
  cli_host_path: function(given) {
    const path = UTF8ToString(given), own = Module["host"]["path"](path);
    return own === path ? given : allocateUTF8(own);
  },
});
