import { open } from 'node:fs/promises';
import { failure } from '../base/failure.ts';
import { limits } from '../base/limits.ts';
import { parseTemplate } from '../sla/parse.ts';
import type { Template } from '../sla/template.ts';

/** Reads an SLA file, `-` for standard input. Fails with SLA.FILE, SLA.TOO_LONG or as the parser. */
export async function readTemplate(file: string): Promise<Template> {
  const text = file === '-' ? await readStandardInput() : await readBounded(file);
  return parseTemplate(text, { file: file === '-' ? 'standard input' : file });
}

async function readBounded(file: string): Promise<string> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (size > limits.slaFileBytes) throw tooLong(file, `${size} bytes`);
    return await handle.readFile('utf8');
  } catch (thrown) {
    if (!(thrown instanceof Error && 'syscall' in thrown)) throw thrown;
    throw failure('SLA.FILE', `${file} cannot be read: ${thrown.message}`, {
      facts: { file },
      next: 'name an SLA file, such as examples/shop.sla.yaml',
    });
  }
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    bytes += chunk.length;
    if (bytes > limits.slaFileBytes) throw tooLong('standard input', 'more');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLong(file: string, size: string): Error {
  return failure(
    'SLA.TOO_LONG',
    `${file} has ${size}; an SLA file has at most ${limits.slaFileBytes} bytes`,
    {
      facts: { file },
      next: 'split it into several SLAs',
    },
  );
}
