/** Builds the program that these tests start, when there is none or a source is newer. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { files, root } from '../support/repository.ts';

export function setup(): void {
  const built = join(root, 'oclif.manifest.json');
  const builtMs = existsSync(built) ? statSync(built).mtimeMs : 0;
  const inputs = files(/^(src|scripts)\/|^package(-lock)?\.json$/);
  const newer = inputs.filter((path) => statSync(join(root, path)).mtimeMs > builtMs);
  if (newer.length === 0) return;
  execFileSync(process.execPath, ['scripts/build.ts'], { cwd: root, stdio: 'inherit' });
}
