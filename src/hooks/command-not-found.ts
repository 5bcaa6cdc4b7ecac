/** What nobody answers to: says what it may have meant, and where help is. */
import type { Hook } from '@oclif/core';
import { type Failure, failure } from '../base/failure.ts';
import { closest } from '../base/suggest.ts';

const commandNotFound: Hook.CommandNotFound = ({ id, config }) => {
  const known = config.commands.filter(({ hidden }) => !hidden).map((command) => command.id);
  const topics = config.topics.map(({ name }) => name);
  return Promise.reject(unknownCommand(config.bin, id, { commands: known, topics }));
};

export default commandNotFound;

interface Known {
  /** With `:` between the words of one. */
  readonly commands: readonly string[];
  readonly topics: readonly string[];
}

function unknownCommand(bin: string, id: string, { commands, topics }: Known): Failure {
  const words = id.split(':');
  const before = (names: readonly string[]) =>
    words.map((_, end) => words.slice(0, end).join(':')).findLast((part) => names.includes(part));
  const command = before(commands);
  if (command !== undefined) {
    const rest = words.slice(command.split(':').length).join(' ');
    return failure('CLI.USAGE', `${spaced(command)} takes no argument ${rest}`, {
      next: `${bin} ${spaced(command)} --help`,
    });
  }
  const meant =
    closest(spaced(id), commands.map(spaced)) ?? closest(spaced(id), topics.map(spaced));
  const topic = before(topics);
  const help = topic === undefined ? `${bin} --help` : `${bin} ${spaced(topic)} --help`;
  return failure('CLI.UNKNOWN_COMMAND', `there is no command ${spaced(id)}`, {
    next: meant === undefined ? help : `did you mean ${bin} ${meant}? All are in ${help}`,
    facts: meant === undefined ? {} : { meant },
  });
}

function spaced(id: string): string {
  return id.replaceAll(':', ' ');
}
