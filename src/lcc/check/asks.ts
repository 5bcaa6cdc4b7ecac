import { callsOf, type Program, signature, specOf } from './program.ts';
import { type Finding, finding } from './report.ts';

/** Every constraint that the model asks is one that the host answers. */
export function checkAsks(program: Program): readonly Finding[] {
  return program.steps
    .flatMap((step) => callsOf(step.def.guard))
    .filter((call) => specOf(program, call) === undefined)
    .map((call) => {
      const others = [...program.table.values()].filter((spec) => spec.name === call.name);
      if (others.length === 0) {
        return finding('LCC.CONSTRAINT_UNKNOWN', call.at, `nobody answers ${signature(call)}`);
      }
      const known = others.map((spec) => `${spec.name}(${spec.modes.join(', ')})`).join(' and ');
      const message = `${signature(call)} is not answered, ${known} is`;
      return finding('LCC.CONSTRAINT_ARITY', call.at, message);
    });
}
