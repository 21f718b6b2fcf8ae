import zlib from 'node:zlib';

import { refuse } from './errors.mjs';

const zstdDecompress = zlib.zstdDecompressSync;

/** The compressions of section 5, each with what undoes it; undefined where this Node.js has no zstd. */
export const COMPRESSIONS = new Map([
  ['zlib', inflate],
  ['shuffle-zstd', zstdDecompress && ((stored, nbytes, unit, what) => unshuffle(unzstd(stored, nbytes, what), unit))],
  ['shuffle-lz4', (stored, nbytes, unit, what) => unshuffle(unlz4(stored, nbytes, what), unit)],
]);

/** How many bytes, at most, a byte of a compressed array stands for (A10). */
export const EXPANSION = 1032;

function inflate(stored, nbytes, unit, what) {
  let result;
  try {
    result = zlib.inflateSync(stored, {
      info: true,
      maxOutputLength: Math.max(nbytes, 1),
      chunkSize: chunkSize(nbytes),
    });
  } catch (error) {
    refuse('A10', `expected a zlib stream of ${nbytes} bytes in ${what}, found: ${error.message}`);
  }
  const { buffer, engine } = result;
  if (engine.bytesWritten !== stored.length) {
    refuse(
      'A10',
      `expected a zlib stream of ${stored.length} bytes in ${what}, found its end after ${engine.bytesWritten}`,
    );
  }
  return exactly(buffer, nbytes, what);
}

function chunkSize(nbytes) {
  return Math.min(Math.max(nbytes, 64), 2 ** 20);
}

function exactly(bytes, nbytes, what) {
  if (bytes.length !== nbytes) refuse('A10', `expected ${nbytes} bytes in ${what}, found ${bytes.length}`);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function unzstd(stored, nbytes, what) {
  const { content, end } = zstdFrame(stored, what);
  if (content !== BigInt(nbytes))
    refuse('A10', `expected a zstd frame that states ${nbytes} bytes in ${what}, found ${content}`);
  if (end !== stored.length) {
    refuse('A10', `expected the zstd frame of ${what} to end after ${stored.length} bytes, found its end after ${end}`);
  }
  if (nbytes === 0) return new Uint8Array(0);
  let bytes;
  try {
    bytes = zstdDecompress(stored, { maxOutputLength: nbytes, chunkSize: chunkSize(nbytes) });
  } catch (error) {
    refuse('A10', `expected a zstd frame of ${nbytes} bytes in ${what}, found: ${error.message}`);
  }
  return exactly(bytes, nbytes, what);
}

/** The size that a zstd frame states (RFC 8878, section 3.1.1), and where it ends. */
function zstdFrame(stored, what) {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  const need = (end) => {
    if (end > stored.length)
      refuse('A10', `expected a whole zstd frame in ${what}, found ${stored.length} bytes of it`);
  };
  need(5);
  if (view.getUint32(0, true) !== 0xfd2fb528) refuse('A10', `expected a zstd frame in ${what}, found other bytes`);
  const flags = view.getUint8(4);
  const single = (flags >> 5) & 1;
  const width = [single, 2, 4, 8][flags >> 6];
  const at = 5 + (1 - single) + [0, 1, 2, 4][flags & 3];
  need(at + width);
  if (width === 0) refuse('A10', `expected a zstd frame that states its content's size in ${what}, found none`);
  const read = {
    1: () => view.getUint8(at),
    2: () => view.getUint16(at, true) + 256,
    4: () => view.getUint32(at, true),
    8: () => view.getBigUint64(at, true),
  };
  let end = at + width;
  for (let last = 0; last === 0;) {
    need(end + 3);
    const head = view.getUint16(end, true) | (view.getUint8(end + 2) << 16);
    last = head & 1;
    const type = (head >> 1) & 3;
    if (type === 3) refuse('A10', `expected a block of zstd in ${what}, found its reserved type`);
    end += 3 + (type === 1 ? 1 : head >> 3);
    need(end);
  }
  if (flags & 4) end += 4;
  need(end);
  return { content: BigInt(read[width]()), end };
}

/** One block of LZ4: sequences of literals and of matches in what was written before; the last has literals alone. */
function unlz4(stored, nbytes, what) {
  const bytes = new Uint8Array(nbytes);
  let at = 0;
  let done = 0;
  const fail = (found) => refuse('A10', `expected an LZ4 block of ${nbytes} bytes in ${what}, found ${found}`);
  const byte = () => (at < stored.length ? stored[at++] : fail(`its end within a sequence, after ${stored.length}`));
  const length = (nibble) => {
    let sum = nibble;
    if (nibble === 15) for (let more = 255; more === 255; sum += more) more = byte();
    return sum;
  };
  for (;;) {
    const token = byte();
    const literals = length(token >> 4);
    if (literals > stored.length - at) fail(`${literals} literals where ${stored.length - at} bytes are left`);
    if (literals > nbytes - done) fail('more');
    bytes.set(stored.subarray(at, at + literals), done);
    at += literals;
    done += literals;
    if (at === stored.length) break;
    const offset = byte() | (byte() << 8);
    const count = length(token & 15) + 4;
    if (offset === 0 || offset > done) fail(`a match ${offset} bytes back, where ${done} are written`);
    if (count > nbytes - done) fail('more');
    if (offset >= count) bytes.copyWithin(done, done - offset, done - offset + count);
    else for (let i = done; i < done + count; i++) bytes[i] = bytes[i - offset];
    done += count;
  }
  if (done !== nbytes) fail(`${done}`);
  return bytes;
}

/** The bytes of items of `unit` bytes, from all first bytes, then all second ones, and so on. */
function unshuffle(bytes, unit) {
  if (unit === 1) return bytes;
  const items = bytes.length / unit;
  const out = new Uint8Array(bytes.length);
  for (let j = 0; j < unit; j++) for (let i = 0, from = j * items; i < items; i++) out[i * unit + j] = bytes[from + i];
  return out;
}
