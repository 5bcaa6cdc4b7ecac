/** What every command shares: output, abort by Ctrl-C, the office, and how failures end. */
import { Command, type Interfaces } from '@oclif/core';
import type { Office, Surroundings } from '../agency/compose.ts';
import type { RunEvent } from '../agency/run/loop.ts';
import { type FailureOptions, failure } from '../base/failure.ts';
import type { Store } from '../store/store.ts';
import type { Registry } from '../vendors/registry.ts';
import { tell, type Usage } from './errors.ts';
import type { ExitCode } from './exit-codes.ts';
import { jsonText } from './json-text.ts';

export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;

  readonly #interrupt = new AbortController();
  #interruption: FailureOptions = {};

  /** Fires on Ctrl-C; the second Ctrl-C ends the process at once. */
  protected get signal(): AbortSignal {
    return this.#interrupt.signal;
  }

  override async init(): Promise<void> {
    await super.init();
    const interrupted = () => this.#interrupted();
    process.on('SIGINT', interrupted);
    process.on('SIGTERM', interrupted);
  }

  /** What is under way may take some seconds to stop in good order, so that is said at once. */
  #interrupted(): void {
    const reason = failure('CLI.INTERRUPTED', 'interrupted', this.#interruption);
    if (this.#interrupt.signal.aborted) {
      this.#tell(reason);
      process.exit();
    }
    this.say('stopping; Ctrl-C again ends at once');
    this.#interrupt.abort(reason);
  }

  /** Every command takes `--json`; a flag that may be repeated takes one value each time. */
  protected override parse<F extends Output, B extends Output, A extends Output>(
    options: Interfaces.Input<F, B, A> = {},
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    return super.parse({ ...options, enableJsonFlag: true });
  }

  /** What Ctrl-C says from now on: what is left behind, and how to go on. */
  protected interruptible(leftBehind: string, next: string): void {
    this.#interruption = { leftBehind, next };
  }

  /** The agency with everything it needs; closed by `await using`. */
  protected async office(report?: (event: RunEvent) => void): Promise<Office> {
    const { openOffice } = await import('../agency/compose.ts');
    return await openOffice(this.surroundings(report));
  }

  /** The store alone: no vendor, no solver, no model is loaded. */
  protected async store(): Promise<Store> {
    const { openStore } = await import('../agency/open-store.ts');
    return await openStore(process.env, process.cwd());
  }

  protected surroundings(report?: (event: RunEvent) => void): Surroundings {
    return {
      environment: process.env,
      workingFolder: process.cwd(),
      registry: () => this.registry(),
      ...(report === undefined ? {} : { report }),
    };
  }

  /** The drivers of all plugins. What a plugin did wrong is shown, and the others serve. */
  protected async registry(): Promise<Registry> {
    const { registryOf } = await import('../vendors/registry.ts');
    const registry = registryOf(await this.config.runHook('vendors', {}), this.config.name);
    for (const { error } of registry.failures)
      this.say(`warning: ${error.message}\nnext: ${error.next}`);
    return registry;
  }

  /** Prose and progress: stderr, so that stdout is data. */
  protected say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Data for people: stdout; silent with `--json`, where `run` returns the data. */
  protected print(text: string): void {
    if (!this.jsonEnabled()) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** The exit code of a command that has printed its answer. */
  protected endWith(code: ExitCode): void {
    process.exitCode = code;
  }

  protected override async catch(thrown: Error): Promise<void> {
    await Promise.resolve();
    this.#tell(thrown);
  }

  #tell(thrown: Error): void {
    const { exit, text, json } = tell(thrown, this.#usage());
    if (this.jsonEnabled()) process.stdout.write(jsonText(json));
    process.stderr.write(text);
    process.exitCode = exit;
  }

  protected override logJson(json: unknown): void {
    process.stdout.write(jsonText(json));
  }

  #usage(): Usage {
    const command = `${this.config.bin} ${(this.id ?? '').replaceAll(':', ' ')}`;
    // oclif leaves them undefined where a command has none.
    return { command, flags: ['json', ...Object.keys(this.ctor.flags ?? {})] };
  }
}

/** oclif's own bound for what flags and arguments are parsed into. */
type Output = Interfaces.OutputFlags<Interfaces.FlagInput>;
