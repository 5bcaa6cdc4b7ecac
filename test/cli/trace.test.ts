import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openShell } from '../support/cli.ts';

const shell = await openShell();
afterAll(() => shell[Symbol.asyncDispose]());

const negotiated = await shell.skypact(
  ...[
    'sla',
    'negotiate',
    'examples/shop.sla.yaml',
    '--model',
    'cloud-agency',
    '--accept',
    '--json',
  ],
);
const { id } = JSON.parse(negotiated.stdout);

test('the trace is an array of messages, 8 for each objective and 6', async () => {
  const { exit, stdout } = await shell.skypact('sla', 'trace', id, '--format', 'json');
  expect(exit).toBe(0);
  const messages: readonly Record<string, unknown>[] = JSON.parse(stdout);
  const once = ['proxy', 'agree', 'cfp', 'propose', 'inform-done-proxy'];
  const objective = [...once, 'reply-message-sub-protocol'];
  const signing = ['accept-proposal', 'inform-done'];
  expect(messages.map(({ performative }) => performative)).toEqual([
    'cfp',
    ...[objective, objective, objective].flat(),
    ...['propose', 'accept-proposal', 'subscribe'],
    ...[signing, signing, signing].flat(),
    ...['agree', 'inform'],
  ]);
  expect(messages[0]).toMatchObject({
    sender: 'client',
    receiver: 'negotiator',
    protocol: 'fipa-contract-net',
    conversation: expect.any(String),
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    codes: expect.arrayContaining(['client:1']),
  });
  expect((await shell.skypact('sla', 'trace', id, '--json')).stdout).toBe(stdout);
});

test('without a terminal the diagram has no colours, and fits 80 columns', async () => {
  const { exit, stdout, stderr } = await shell.skypact('sla', 'trace', 'shop');
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toContain('├──▶│');
  expect(stdout).not.toContain('\u001b');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('a file’s name says how it is drawn', async () => {
  const [svg, mermaid] = [join(shell.folder, 'shop.svg'), join(shell.folder, 'shop.mmd')];
  expect(await shell.skypact('sla', 'trace', id, '-o', svg)).toMatchObject({ exit: 0, stdout: '' });
  await shell.skypact('sla', 'trace', id, '-o', mermaid);
  expect(await readFile(svg, 'utf8')).toMatch(/^<svg /);
  expect(await readFile(mermaid, 'utf8')).toMatch(/^sequenceDiagram\n/);
});

test('one conversation is chosen by what it was for, or by the beginning of its id', async () => {
  await shell.skypact('sla', 'withdraw', id, '--confirm', 'shop');
  const chosen = await shell.skypact('sla', 'trace', id, '--json', '--conversation', 'withdraw');
  const messages: readonly Record<string, string>[] = JSON.parse(chosen.stdout);
  expect(messages.map(({ performative }) => performative)).toContain('cancel');
  const start = messages[0]?.['conversation']?.slice(0, 8) ?? '';
  const again = await shell.skypact('sla', 'trace', id, '--json', '--conversation', start);
  expect(again.stdout).toBe(chosen.stdout);
  const none = await shell.skypact('sla', 'trace', id, '--conversation', 'nosuch');
  expect(none).toMatchObject({ exit: 2, stdout: '' });
  expect(none.stderr).toContain('[SLA.TRACE_NOT_KEPT]');
});
