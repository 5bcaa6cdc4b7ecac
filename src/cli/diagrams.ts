/** What commands that draw share: how the terminal takes it, and files instead of it. */
import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { failure } from '../base/failure.ts';
import type { TextStyle } from '../render/sequence-text.ts';

/** 80 columns, without colours, when it is no terminal. NO_COLOR and TERM=dumb are respected. */
export function styleOf(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
  environment: NodeJS.ProcessEnv,
): TextStyle {
  const dumb = environment['TERM'] === 'dumb';
  const plain = !stream.isTTY || dumb || Boolean(environment['NO_COLOR']);
  return {
    // A terminal that nobody has told its size says 0.
    columns: (stream.isTTY && stream.columns) || 80,
    colour: plain ? 'none' : 'ansi',
    glyphs: dumb ? 'ascii' : 'unicode',
  };
}

/** For a file: as wide as a screen usually is. */
export const fileStyle: TextStyle = { columns: 120, colour: 'none', glyphs: 'unicode' };

/** The format that was asked for, or that a file's name says. */
export function formatOf<Format extends string>(
  asked: Format | undefined,
  file: string | undefined,
  byExtension: Readonly<Record<string, Format>>,
): Format | undefined {
  return asked ?? (file === undefined ? undefined : byExtension[extname(file).toLowerCase()]);
}

/** Replaces the file. Fails with CLI.OUTPUT. */
export async function writeDiagram(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw failure('CLI.OUTPUT', `${file} cannot be written: ${why}`, {
      next: 'name another file with -o, or leave it out',
    });
  }
}
