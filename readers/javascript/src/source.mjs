import fs from 'node:fs';

import { refuse } from './errors.mjs';

// What Node.js reads, or hashes, in one call is less than 2^31 bytes.
export const AT_ONCE = 2 ** 30;

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
    const bytes = allocate(Math.max(0, Math.min(length, this.size - offset)));
    for (let done = 0; done < bytes.length;) {
      const count = fs.readSync(this.descriptor, bytes, done, Math.min(bytes.length - done, AT_ONCE), offset + done);
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

/** Memory for bytes that are there; a refusal where this program can't have so much. */
function allocate(length) {
  try {
    return new Uint8Array(length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse('A3', `expected bytes that this program can hold at once, found ${length}`);
  }
}

/** What is read: a path, a `URL` of a file, or bytes. `read` gives fewer bytes than asked for only at the end. */
export function sourceOf(input) {
  if (input instanceof Uint8Array) return new ByteSource(input);
  if (input instanceof ArrayBuffer) return new ByteSource(new Uint8Array(input));
  return new FileSource(input);
}
