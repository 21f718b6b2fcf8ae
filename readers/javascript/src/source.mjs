import fs from 'node:fs';

import { refuse } from './errors.mjs';

/** A payload in memory. */
class ByteSource {
  constructor(bytes) {
    // No Buffer, whose `slice` copies nothing.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.size = bytes.length;
  }

  read(offset, length) {
    return this.bytes.subarray(offset, offset + length);
  }

  close() {}
}

/** A payload in a file, of which only those bytes are read that are asked for. */
class FileSource {
  constructor(path) {
    this.descriptor = fs.openSync(path, 'r');
    this.size = fs.fstatSync(this.descriptor).size;
  }

  read(offset, length) {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    for (let done = 0; done < bytes.length;) {
      const count = fs.readSync(this.descriptor, bytes, done, bytes.length - done, offset + done);
      if (count === 0) refuse('P4', `the file ended at byte ${offset + done} of ${this.size} while it was read`);
      done += count;
    }
    return bytes;
  }

  close() {
    if (this.descriptor !== undefined) fs.closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}

/** What is read: a path, a `URL` of a file, or bytes. `read` gives fewer bytes than asked for only at the end. */
export function sourceOf(input) {
  if (input instanceof Uint8Array) return new ByteSource(input);
  if (input instanceof ArrayBuffer) return new ByteSource(new Uint8Array(input));
  return new FileSource(input);
}
