import { Help } from '@oclif/core';
import { failure } from '../base/failure.ts';

/** oclif's help, which is text: asking for it as JSON, or for a topic's result, is wrong usage. */
export default class TextHelp extends Help {
  override async showHelp(argv: string[]): Promise<void> {
    if (process.argv.includes('--json')) {
      throw failure('CLI.USAGE', 'help is text, and a topic has no result of its own', {
        next: 'leave out --json, or name a command',
      });
    }
    await super.showHelp(argv);
  }
}
