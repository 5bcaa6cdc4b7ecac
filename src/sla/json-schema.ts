import { z } from 'zod';
import { templateSchema } from './schema.ts';

/** schema/sla.schema.json, which editors check SLA documents with: its whole text. */
export function slaSchemaText(): string {
  const schema = z.toJSONSchema(templateSchema, { target: 'draft-07', io: 'input' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
