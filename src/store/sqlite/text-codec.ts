import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Shorter texts stay as they are: they fit a page, and a person can read them in the file. */
const PACKED_FROM_CHARS = 4_096;

/**
 * For texts that are written once and seldom read. A bid of a whole catalogue, 1 MiB of JSON, is
 * 70 KiB afterwards; the 3 ms it takes are less than writing the difference to the disk.
 */
export function packText(text: string): string | Uint8Array {
  return text.length < PACKED_FROM_CHARS ? text : deflateRawSync(text, { level: 1 });
}

/** The inverse of {@link packText}. */
export function unpackText(stored: string | Uint8Array): string {
  return typeof stored === 'string' ? stored : inflateRawSync(stored).toString('utf8');
}
