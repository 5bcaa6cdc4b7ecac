/** Builds a template by questions, and shows what it would cost so far. */
import { confirm, input } from '@inquirer/prompts';
import { systemClock } from '../agency/clock.ts';
import type { Office } from '../agency/compose.ts';
import { estimate } from '../agency/estimate.ts';
import { isFailure } from '../base/failure.ts';
import type { Document } from '../sla/document.ts';
import { formatPrice, type Money, sumMoney } from '../sla/money.ts';
import { parseTemplate } from '../sla/parse.ts';
import type { Template } from '../sla/template.ts';

type Ask = (message: string, fallback: string) => Promise<string>;

/** Asks for one objective after the other until the user has enough. */
export async function interactiveTemplate(
  office: Pick<Office, 'vendors'>,
  signal: AbortSignal,
): Promise<Template> {
  const context = { signal, output: process.stderr };
  const ask: Ask = (message, fallback) => input({ message, default: fallback }, context);
  const name = await checked(ask, { message: 'Name of the SLA', fallback: 'my-sla' }, (text) =>
    templateOf(text, undefined, { box: sample }),
  );
  const limit = await checked(
    ask,
    { message: 'Price limit (empty: none)', fallback: '1.00 USD/h' },
    (text) => templateOf(name, text, { box: sample }),
  );
  const objectives: Record<string, Document> = {};
  for (;;) {
    const [objective, document] = await askObjective(ask, { name, limit, objectives });
    objectives[objective] = document;
    await showPrice(office, templateOf(name, limit, objectives), signal);
    if (!(await confirm({ message: 'Another objective?', default: false }, context))) break;
  }
  return templateOf(name, limit, objectives);
}

const sample: Document = { cpus: 1, memory: '1 GiB', image: 'debian-12' };

interface SoFar {
  readonly name: string;
  readonly limit: string;
  readonly objectives: Readonly<Record<string, Document>>;
}

async function askObjective(ask: Ask, soFar: SoFar): Promise<readonly [string, Document]> {
  const { name, limit, objectives } = soFar;
  const first = Object.keys(objectives).length === 0 ? 'web' : 'db';
  const objective = await checked(ask, { message: 'Objective', fallback: first }, (text) =>
    templateOf(name, limit, { ...objectives, [text]: sample }),
  );
  let document: Document = sample;
  for (const { field, message, fallback } of questions) {
    const answer = await checked(ask, { message: `${objective}: ${message}`, fallback }, (text) =>
      templateOf(name, limit, { ...objectives, [objective]: withField(document, field, text) }),
    );
    document = withField(document, field, answer);
  }
  return [objective, document];
}

const questions = [
  { field: 'count', message: 'how many machines', fallback: '1' },
  { field: 'cpus', message: 'vCPUs of each', fallback: '2' },
  { field: 'memory', message: 'memory of each', fallback: '4 GiB' },
  { field: 'disk', message: 'disk of each', fallback: '20 GiB' },
  { field: 'image', message: 'image', fallback: 'debian-12' },
  { field: 'apart', message: 'keep them apart (host, site, vendor; empty: no)', fallback: '' },
] as const;

function withField(document: Document, field: string, text: string): Document {
  if (field === 'apart') return text === '' ? document : { ...document, place: { apart: text } };
  const isCount = field === 'count' || field === 'cpus';
  return { ...document, [field]: isCount ? Number(text) : text };
}

/** Asks again, saying why, until the answer makes a template that parses. */
async function checked(
  ask: Ask,
  { message, fallback }: { readonly message: string; readonly fallback: string },
  check: (text: string) => Template,
): Promise<string> {
  for (;;) {
    const answer = (await ask(message, fallback)).trim();
    try {
      check(answer);
      return answer;
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      process.stderr.write(`${thrown.message}\n`);
    }
  }
}

function templateOf(
  name: string,
  limit: string | undefined,
  objectives: Readonly<Record<string, Document>>,
): Template {
  const limits = limit === undefined || limit === '' ? {} : { limits: { price: limit } };
  const document = { sla: 'skypact/v1', name, ...limits, objectives };
  return parseTemplate(JSON.stringify(document), { file: 'your answers' });
}

async function showPrice(
  { vendors }: Pick<Office, 'vendors'>,
  template: Template,
  signal: AbortSignal,
): Promise<void> {
  const currency = template.limits.pricePerHour?.currency ?? 'USD';
  const prices = await Promise.all(
    template.objectives.map((objective) =>
      estimate({ vendors, clock: systemClock }, { objective, currency }, signal),
    ),
  );
  const known = prices.filter((price): price is Money => price !== undefined);
  const nobody = template.objectives.filter((_, index) => prices[index] === undefined);
  process.stderr.write(`from ${formatPrice(sumMoney(known, currency))} so far\n`);
  for (const { name } of nobody) process.stderr.write(`nobody offers ${name} as it is asked\n`);
}
