import type { Arrow, Graph, GraphRole } from './graph.ts';

/** For the terminal: each role with what it sends and what it becomes. */
export function graphText(graph: Graph): string {
  return graph.roles
    .map((role) => {
      const own = graph.arrows.filter((arrow) => arrow.from === role.name).map(describe);
      return [`${role.name}  (${describeKind(role)})`, ...own].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}

function describe({ kind, label, to }: Arrow): string {
  if (kind === 'message') return `  ── ${label} ──▶ ${to}`;
  return `  ┄┄ becomes ${to}${label === '' ? '' : `(${label})`}`;
}

/** `necessary, 1 to 50` */
export function describeKind({ kind, min, max }: GraphRole): string {
  if (kind === 'auxiliary' || kind === 'undeclared' || (min === 1 && max === 1)) return kind;
  return min === max ? `${kind}, ${min}` : `${kind}, ${min} to ${max}`;
}

/** A Mermaid flowchart: what one role sends to another is one arrow with all its messages. */
export function graphMermaid(graph: Graph): string {
  const ids = new Map(graph.roles.map((role, index) => [role.name, `role${index}`]));
  const nodes = graph.roles.map((role) => {
    const text = quote(`${role.name}<br/>${describeKind(role)}`);
    return role.kind === 'auxiliary'
      ? `  ${ids.get(role.name)}(${text})`
      : `  ${ids.get(role.name)}[${text}]`;
  });
  const grouped = Map.groupBy(graph.arrows, (arrow) => `${arrow.kind} ${arrow.from} ${arrow.to}`);
  const edges = [...grouped.values()].flatMap((arrows) => {
    const [first] = arrows;
    if (first === undefined) return [];
    const [from, to] = [ids.get(first.from), ids.get(first.to)];
    if (first.kind === 'change') return [`  ${from} -.-> ${to}`];
    return [`  ${from} -->|${quote(arrows.map((arrow) => arrow.name).join('<br/>'))}| ${to}`];
  });
  return ['flowchart LR', ...nodes, ...edges, ''].join('\n');
}

/** Names hold no quotes; `#` begins an entity in Mermaid and is in no name either. */
function quote(text: string): string {
  return `"${text}"`;
}
