/* For the linker: what Emscripten's own glue gets wrong. An offset has 64 bits, of which it
 * uses 32. */
mergeInto(LibraryManager.library, {
  fd_pread__deps: ["$SYSCALLS"],
  fd_pread: function(fd, iov, iovcnt, low, high, pnum) {
    try {
      var offset = (high >>> 0) * 4294967296 + (low >>> 0);
      HEAP32[pnum >> 2] = SYSCALLS.doReadv(SYSCALLS.getStreamFromFD(fd), iov, iovcnt, offset);
      return 0;
    } catch (problem) {
      if (!(problem instanceof FS.ErrnoError)) throw problem;
      return problem.errno;
    }
  },
});
