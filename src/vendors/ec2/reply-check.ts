import { failure } from '../../base/failure.ts';
import { limits } from '../../base/limits.ts';
import type { Asked } from './provider-error.ts';

/** The parts of the SDK's HTTP response that are read here. */
interface HttpReply {
  readonly statusCode: number;
  body: unknown;
}

/**
 * Reads a reply of EC2's query protocol in full and sees that it is one, whole and for `action`;
 * the SDK's parser takes any page for an answer in which every list is empty, and "no machines"
 * must never be believed of an error page. Fails with VENDOR.REPLY_MALFORMED, or with
 * VENDOR.UNREACHABLE where a status of 500 or more says so; the body is put back for the SDK.
 */
export async function checkReply(reply: unknown, action: string, asked: Asked): Promise<void> {
  if (!isReply(reply)) return;
  const body = await read(reply.body, asked);
  reply.body = body;
  const text = new TextDecoder().decode(body).trim();
  const root = reply.statusCode < 300 ? `${action}Response` : 'Response';
  if (hasRoot(text, root) || (reply.statusCode >= 300 && hasRoot(text, 'ErrorResponse'))) return;
  const down = reply.statusCode >= 500;
  const what = `${asked.where} answered ${action} with status ${reply.statusCode} and no EC2 reply`;
  throw failure(
    down ? 'VENDOR.UNREACHABLE' : 'VENDOR.REPLY_MALFORMED',
    `vendor ${asked.vendor}: ${what}`,
    {
      retry: 'later',
      facts: { vendor: asked.vendor, error: notEc2, status: reply.statusCode },
      next: `see that ${asked.where} is an EC2 endpoint, with no proxy answering for it`,
    },
  );
}

/** The fact `error` of a reply that is not in EC2's protocol at all. */
export const notEc2 = 'NotAnEc2Reply';

function isReply(reply: unknown): reply is HttpReply {
  return typeof reply === 'object' && reply !== null && 'statusCode' in reply && 'body' in reply;
}

async function read(body: unknown, { vendor, where }: Asked): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (!isAsyncIterable(body)) return new Uint8Array();
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.byteLength;
    if (bytes > limits.ec2ReplyBytes) {
      const what = `${where} answered more than ${limits.ec2ReplyBytes} bytes`;
      throw failure('VENDOR.REPLY_MALFORMED', `vendor ${vendor}: ${what}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/** The document's root element, opened near its beginning and closed at its very end. */
function hasRoot(text: string, root: string): boolean {
  const head = text.slice(0, 500);
  return (head.includes(`<${root} `) || head.includes(`<${root}>`)) && text.endsWith(`</${root}>`);
}
