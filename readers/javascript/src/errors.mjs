/** A payload breaks a rule of FORMAT.md: `rule` is the rule's name, such as `H3`. */
export class FormatError extends Error {
  constructor(rule, message) {
    super(`${rule}: ${message}`);
    this.name = 'FormatError';
    this.rule = rule;
  }
}

// The most entries of a Map or a Set of this engine: a loader refuses more rather than to fail.
export const LARGEST_SET = 2 ** 24;

export function refuse(rule, message) {
  throw new FormatError(rule, message);
}

/** Refuses what this reader doesn't know: a message of that names what wrote the payload. */
export function refuseUnknown(rule, message, writer) {
  refuse(rule, `${message}; the payload was written by ${writer}`);
}

/** Text for a message: a value of a payload, no longer than a line. */
export function show(value) {
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint' || typeof value === 'number' || value === null) return String(value);
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Map) return `a map of ${value.size}`;
  if (value instanceof Uint8Array) return `a bin of ${value.length} bytes`;
  return `a ${value.constructor?.name ?? typeof value}`;
}

/** Bytes for a message, in hexadecimal. */
export function hex(bytes) {
  return Buffer.from(bytes.subarray(0, 32)).toString('hex') || 'nothing';
}
