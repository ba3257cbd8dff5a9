/* What runs the program: in a thread of its own, or, where there is little to do, in the main one.
 * In a thread, the first message to it is the program, compiled, and workerData has args, its
 * arguments; buffer, of its notes; input, bytes to read in place of standard input: then what it
 * prints is sent as a message. */
"use strict";
const fs = require("fs"), os = require("os"), path = require("path"), tty = require("tty");
const {workerData, parentPort} = require("worker_threads"), {Notes} = require("./notes.js");
const {args, buffer, input} = workerData ?? {args: process.argv.slice(2)};

/* --- the standard streams --- */

const LEFT = 141;  // the exit code when the reader of the output has left
const printed = {
  1: [],
  2: []
};
const {readSync, writeSync} = fs;
let taken = 0;
/* Reading and writing as the program expects it of a descriptor: it waits for what is not there
 * yet, and the end of the input is not an error. */
const wait = new Int32Array(new SharedArrayBuffer(4));
function patiently(call, ...rest) {
  for (;;) {
    try {
      return call.apply(fs, rest);
    } catch (problem) {
      if (problem.code === "EOF") return 0;
      if (problem.code !== "EAGAIN") throw problem;
      Atomics.wait(wait, 0, 0, 5);  // milliseconds
    }
  }
}
fs.readSync = (fd, bytes, offset, length, position) => {
  if (fd !== 0 || !input) return patiently(readSync, fd, bytes, offset, length, position);
  const part = input.subarray(taken, taken + length);
  bytes.set(part, offset);
  taken += part.length;
  return part.length;
};
fs.writeSync = (fd, bytes, offset, length, position) => {
  if (!input || !printed[fd]) {
    try {
      return patiently(writeSync, fd, bytes, offset, length, position);
    } catch (problem) {
      if (fd === 1 && problem.code === "EPIPE") process.exit(LEFT);  // as by SIGPIPE
      throw problem;
    }
  }
  printed[fd].push(Buffer.from(bytes.subarray(offset, offset + length)));
  return length;
};
const isFile = (fd) => {
  try {
    return !input && fs.fstatSync(fd).isFile();
  } catch {
    return false;
  }
};

/* --- Windows: the program knows one tree of paths; there, C:\hr is /C:/hr --- */

const WINDOWS = process.platform === "win32";
const inTree = (system) => system.replace(/\\/g, "/").replace(/^[A-Za-z]:/, "/$&");
const onDisk = (own) =>
  own.replace(/^\/tmp(?=\/)/, () => inTree(os.tmpdir())).replace(/^\/([A-Za-z]:)\/?/, "$1/");
/* A path that was given: from here on where it is on the same drive. */
function given(text) {
  const [prefix] = /^([a-z]+=|@)?/.exec(text), name = text.slice(prefix.length);
  if (!WINDOWS || !/^[A-Za-z]:|[\\/]/.test(name)) return text;
  return prefix +
    inTree(path.isAbsolute(name) || /^[A-Za-z]:/.test(name) ?
             path.relative(process.cwd(), name) || "." :
             name);
}
function correctPaths({FS, ENV}) {
  const EINVAL = 28, ENOENT = 44, {cwd, readlink} = FS;
  ENV.HOME = inTree(os.homedir());
  for (const name of
         ["lookupPath", "mkdir", "rmdir", "readdir", "unlink", "stat", "lstat", "chmod", "truncate",
          "utime", "open", "chdir", "rename"]) {
    const before = FS[name];
    FS[name] = (...all) =>
      before.apply(FS, name === "rename" ? all.map(onDisk) : [onDisk(all[0]), ...all.slice(1)]);
  }
  FS.cwd = () => inTree(cwd());
  FS.readlink = (own) => {
    try {
      return inTree(readlink.call(FS, onDisk(own)));
    } catch (problem) {
      // a drive, a share, a file of a cloud: whatever is there is no link
      throw problem.errno === ENOENT ? problem : new FS.ErrnoError(EINVAL);
    }
  };
}

/* --- the program --- */

/* Corrects what the library between the program and Node.js gets wrong. */
function correct({FS, ENV}) {
  const copies = new Map(), OPENED = "\0", EBADF = 8, DIRECTORY = 0o200000, EXCLUSIVE = 0o200;
  FS.init();  // it makes the standard streams
  for (const name of Object.keys(ENV)) delete ENV[name];
  Object.assign(ENV, process.env);
  if (WINDOWS && !ENV.LC_ALL && !ENV.LC_MESSAGES && !ENV.LANG)
    ENV.LANG = `${Intl.DateTimeFormat().resolvedOptions().locale.replace("-", "_")}.UTF-8`;
  if (WINDOWS) correctPaths({FS, ENV});
  const {open, close, createStream, stat} = FS;
  /* A stream is asked about by its descriptor: it may have no path, or no longer have it. */
  for (const fd of [0, 1, 2])
    Object.assign(
      FS.streams[fd],
      {tty: !input && tty.isatty(fd), path: OPENED + fd, seekable: fd === 0 && isFile(fd)});
  FS.open = (name, flags, ...how) => {
    if (name.startsWith(OPENED))  // it is to be copied (dup)
      return FS.createStream(FS.streams.find((one) => one?.nfd === Number(name.slice(1))), 0);
    if (flags & EXCLUSIVE) {  // a temporary file; it is noted before it is there
      files.add(whole(name));
      tell();
    }
    const stream = open.call(FS, name, flags, ...how);
    if (!stream.stream_ops && !(stream.flags & DIRECTORY)) stream.path = OPENED + stream.nfd;
    return stream;
  };
  /* A copy of a descriptor stays open when another one is closed; the standard streams belong
   * to the whole process. */
  FS.createStream = (...how) => {
    const stream = createStream.apply(FS, how);
    copies.set(stream.nfd, (copies.get(stream.nfd) ?? 0) + 1);
    return stream;
  };
  FS.close = (stream) => {
    const {nfd} = stream, others = stream.stream_ops ? 0 : nfd <= 2 ? 1 : copies.get(nfd) ?? 0;
    if (!others) return close.call(FS, stream);
    copies.set(nfd, others - 1);
    return FS.closeStream(stream.fd);
  };
  FS.stat = (name, ...rest) => {
    if (!name.startsWith(OPENED)) return stat.call(FS, name, ...rest);
    try {
      return fs.fstatSync(Number(name.slice(1)));
    } catch {
      throw new FS.ErrnoError(EBADF);
    }
  };
}

const notes = buffer ? new Notes(buffer) : {write: () => {}}, files = new Set();
let words;
const whole = (file) => path.resolve(WINDOWS ? onDisk(file) : file);
const tell = () => notes.write({files: [...files], words});
const host = {
  path: given,
  forget: (file) => {
    files.delete(whole(file));
    tell();
  },
  lastWords: (text) => {
    words = text;
    tell();
  }
};
const start = (program) => require("./command.js")({
  host,
  thisProgram: "orgvet",
  arguments: args,
  instantiateWasm: (imports, done) => done(new WebAssembly.Instance(program, imports), program),
  preRun: [correct],
  quit: (code) => {
    if (input)
      parentPort.postMessage(
        {code, out: Buffer.concat(printed[1]), err: Buffer.concat(printed[2])});
    process.exit(code);  // ends this thread
  }
});
if (parentPort)
  parentPort.once("message", start);
else
  module.exports = start;
