import { listModels } from '../../agency/model-library.ts';
import { BaseCommand } from '../../cli/base-command.ts';
import { shortened } from '../../render/line.ts';
import { table } from '../../render/table.ts';

const columns = [
  { heading: 'NAME' },
  { heading: 'ROLES', align: 'right' },
  { heading: 'WHAT' },
] as const;

/** So that a line fits a terminal of 80 columns. */
const titleColumns = 54;

export default class ModelList extends BaseCommand {
  static override summary = 'list the shipped models, by which the agents talk';

  async run(): Promise<object> {
    await this.parse();
    const models = await listModels();
    const rows = models.map(({ name, roles, title }) => [
      name,
      String(roles),
      shortened(title, titleColumns),
    ]);
    this.print(table(columns, rows));
    return { models };
  }
}
