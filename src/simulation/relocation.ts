import type { Answer } from '../lcc/constraint.ts';
import type { AgentStart } from '../lcc/engine.ts';
import type { Handler } from '../lcc/in-memory.ts';
import { atom, list, listItems, type Term } from '../lcc/term.ts';

export interface RelocationOptions {
  /** Default three. */
  readonly components?: readonly string[];
  /** The component that the target cannot create. */
  readonly failsAt?: string;
  /** The component that can be destroyed nowhere. */
  readonly sticksAt?: string;
  /** What the router does; default `redirects`. */
  readonly router?: 'redirects' | 'refuses' | 'is silent';
}

/** What is where at the end. */
export interface RelocationResult {
  readonly source: readonly string[];
  readonly target: readonly string[];
  readonly traffic: 'source' | 'target';
  /** `done`, why it failed, or `unfinished`. */
  readonly outcome: string;
  readonly leftBehind: readonly string[];
}

const SERVICE = 'shop';

/** A service of some components in one datacentre, and an empty one that it moves to. */
export class Relocation {
  readonly agents: readonly AgentStart[] = [
    { id: 'target', role: 'target_dc' },
    { id: 'source', role: 'source_dc' },
    { id: 'router', role: 'router' },
    { id: 'migrator', role: 'migrator' },
  ];
  private readonly components: readonly string[];
  private readonly options: RelocationOptions;
  private readonly places: ReadonlyMap<string, Set<string>>;
  private readonly leftBehind: string[] = [];
  private traffic: 'source' | 'target' = 'source';
  private outcome = 'unfinished';

  constructor(options: RelocationOptions = {}) {
    this.options = options;
    this.components = options.components ?? ['db', 'app', 'web'];
    this.places = new Map([
      ['source', new Set(this.components)],
      ['target', new Set()],
    ]);
  }

  get result(): RelocationResult {
    return {
      source: this.at('source'),
      target: this.at('target'),
      traffic: this.traffic,
      outcome: this.outcome,
      leftBehind: this.leftBehind,
    };
  }

  handlers(): ReadonlyMap<string, Handler> {
    return new Map<string, Handler>([
      ['service/2', () => yes(SERVICE, list(this.components))],
      ['provision/3', ({ agent, args: [, component] }) => yes(this.provision(agent, component))],
      ['deprovision/2', ({ agent, args: [, component] }) => this.deprovision(agent, component)],
      ['repoint/2', () => this.repoint()],
      ['reverse/2', ({ args: [items] }) => yes(list((listItems(items ?? '') ?? []).toReversed()))],
      [
        'leftBehind/2',
        ({ args: [, component] }) => {
          this.leftBehind.push(String(component));
          return yes();
        },
      ],
      ['migrationDone/1', () => this.end('done')],
      ['migrationFailed/2', ({ args: [, why] }) => this.end(String(why))],
    ]);
  }

  private provision(place: string, component: Term | undefined): Term {
    if (component === this.options.failsAt) return 'no room';
    this.places.get(place)?.add(String(component));
    return atom('made');
  }

  private deprovision(place: string, component: Term | undefined): Answer {
    if (component === this.options.sticksAt) return { no: true };
    this.places.get(place)?.delete(String(component));
    return yes();
  }

  private repoint(): Answer | undefined {
    if (this.options.router === 'is silent') return undefined;
    if (this.options.router === 'refuses') return { no: true };
    this.traffic = 'target';
    return yes();
  }

  private end(outcome: string): Answer {
    this.outcome = outcome;
    return yes();
  }

  private at(place: string): readonly string[] {
    return [...(this.places.get(place) ?? [])];
  }
}

function yes(...outputs: readonly Term[]): Answer {
  return { yes: outputs };
}
