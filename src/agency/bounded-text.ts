import type { Readable } from 'node:stream';

/**
 * The text of a stream, `undefined` when it is longer: from a file, or from a pipe, which has no
 * size to look at beforehand. Fails as the stream does.
 */
export async function boundedText(
  stream: Readable,
  mostBytes: number,
): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
