/**
 * Completes package-lock.json with the optional packages of other platforms. npm leaves out those that
 * the registry at hand does not serve, and then `npm ci` refuses the lock. Run it after `npm install`.
 */
import { readFile, writeFile } from 'node:fs/promises';

interface Entry {
  version?: string;
  optional?: boolean;
  dev?: boolean;
  os?: string[];
  cpu?: string[];
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}

interface Lock {
  packages: Record<string, Entry>;
}

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

const lock: Lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
let added = 0;
// The outer ones first: what is nested has another version, and its place is nested too.
const outerFirst = Object.entries(lock.packages).sort(([a], [b]) => depthOf(a) - depthOf(b));
for (const [path, entry] of outerFirst) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const version = range.replace(/^[\^~]/, '');
    if (placesOf(path, name).some((place) => lock.packages[place]?.version === version)) continue;
    const places = placesOf(path, name);
    // Where all are taken, a nested package had put its version there; it gets its own place below.
    const place = places.find((each) => lock.packages[each] === undefined) ?? places.at(-1);
    if (place !== undefined) lock.packages[place] = platformEntry(name, version, entry);
    added += 1;
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
await writeFile('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added`);

function depthOf(path: string): number {
  return path.split('/node_modules/').length;
}

/** Where a package at `path` looks for `name`, the outermost first: that is where npm puts it. */
function placesOf(path: string, name: string): readonly string[] {
  const folders = path.split('/node_modules/');
  return folders.map((_, depth) => {
    const outer = folders.slice(0, depth).join('/node_modules/');
    return outer === '' ? `node_modules/${name}` : `${outer}/node_modules/${name}`;
  });
}

/** The platform stands in the package's name: `@biomejs/cli-linux-arm64-musl`. */
function platformEntry(name: string, version: string, { dev }: Entry): Entry {
  const words = name.split(/[/-]/).map((word) => word.replace(/^arm(?:v7|hf)?$/, 'arm'));
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  return {
    version,
    ...(os.length > 0 ? { os } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev === true ? { dev } : {}),
    optional: true,
  };
}
