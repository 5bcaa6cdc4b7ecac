/**
 * What a vendor plugin imports, as `skypact/vendor`: the port, the failures it throws, and nothing
 * of the program behind it. It follows semantic versioning; docs/vendor-contract.md is its manual.
 */
export { type Failure, type FailureOptions, failure, isFailure } from '../base/failure.ts';
export { id } from '../sla/ids.ts';
export { placeAllows, placeObjection } from '../sla/place.ts';
export * from './vendor.ts';
export { isVendorFailure, throwIfAborted } from './vendor-failure.ts';
