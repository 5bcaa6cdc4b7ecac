import { createReadStream } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { parseTemplate } from '../sla/parse.ts';
import type { Template } from '../sla/template.ts';
import { boundedText } from './bounded-text.ts';

/**
 * Reads an SLA file, `-` for standard input. Fails with SLA.FILE, SLA.TOO_LONG, with the signal's
 * reason, or as the parser does.
 */
export async function readTemplate(file: string, signal: AbortSignal): Promise<Template> {
  const name = file === '-' ? 'standard input' : file;
  return parseTemplate(await readSlaText(file, signal), { file: name });
}

/** At most `limits.slaFileBytes`, from whatever can be read: a pipe has no size to look at. */
export async function readSlaText(file: string, signal: AbortSignal): Promise<string> {
  const stream = file === '-' ? process.stdin : createReadStream(file);
  try {
    const text = await boundedText(addAbortSignal(signal, stream), limits.slaFileBytes);
    if (text !== undefined) return text;
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof Error && 'syscall' in thrown)) throw thrown;
    throw failure('SLA.FILE', `${file} cannot be read: ${thrown.message}`, {
      facts: { file },
      next: 'name an SLA file, such as examples/shop.sla.yaml',
    });
  }
  throw failure('SLA.TOO_LONG', `${file} has more than ${limits.slaFileBytes} bytes`, {
    facts: { file },
    next: 'split it into several SLAs',
  });
}
