export { FormatError } from './src/errors.mjs';
export { identity } from './src/identity.mjs';
export { inspect, Inspector } from './src/inspector.mjs';
export { checkCanonical, load } from './src/loader.mjs';
export { Complex, FrozenSet, Instance, NDArray, Scalar, Tuple } from './src/values.mjs';
