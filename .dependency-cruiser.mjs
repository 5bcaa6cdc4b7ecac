/** Who may import whom: the arrows of ARCHITECTURE.md. `base` and `sla` are open to all. */
const may = {
  base: [],
  sla: ['base'],
  lcc: ['base'],
  ssh: ['base'],
  vendors: ['base', 'sla', 'ssh'],
  negotiation: ['base', 'sla', 'lcc', 'vendors'],
  migration: ['base', 'sla', 'lcc', 'vendors'],
  monitoring: ['base', 'sla', 'lcc', 'vendors'],
  simulation: ['base', 'sla', 'lcc', 'migration', 'monitoring', 'vendors'],
  store: ['base', 'sla', 'lcc'],
  transport: ['base', 'sla', 'lcc'],
  render: ['base', 'sla', 'lcc', 'vendors'],
  agency: [
    'base',
    'sla',
    'lcc',
    'ssh',
    'vendors',
    'negotiation',
    'migration',
    'monitoring',
    'simulation',
    'store',
    'transport',
  ],
  cli: ['base', 'sla', 'agency', 'render', 'store', 'vendors'],
  commands: ['base', 'sla', 'lcc', 'agency', 'render', 'cli', 'vendors', 'simulation'],
  hooks: ['base', 'vendors'],
};
const pure = ['base', 'sla', 'lcc', 'negotiation', 'migration', 'monitoring', 'simulation'];
const seesOnly = Object.entries(may).map(([folder, seen]) => ({
  name: `${folder}-sees-only-what-it-may`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/(${[folder, ...seen].join('|')})/` },
}));
const packages = ['core', 'npm', 'npm-dev', 'npm-peer', 'npm-optional'];
export default {
  forbidden: [
    ...seesOnly,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-folders-do-no-io',
      severity: 'error',
      from: { path: `^src/(${pure.filter((folder) => folder !== 'sla').join('|')})/` },
      to: { dependencyTypes: packages },
    },
    {
      name: 'sla-sees-zod-and-yaml-only',
      comment: 'Both are pure: a text or a value in, a value out.',
      severity: 'error',
      from: { path: '^src/sla/' },
      to: { dependencyTypes: packages, pathNot: 'node_modules/(zod|yaml)/' },
    },
    {
      name: 'only-the-port-is-shared',
      severity: 'error',
      from: { path: '^src/(negotiation|migration|monitoring|simulation|store|render)/' },
      to: { path: '^src/vendors/', pathNot: '^src/vendors/vendor[.]ts$' },
    },
    {
      name: 'only-libvirt-uses-ssh',
      severity: 'error',
      from: { path: '^src/vendors/', pathNot: '^src/vendors/libvirt/' },
      to: { path: '^src/ssh/' },
    },
    {
      name: 'vendors-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/vendors/([^/]+)/' },
      to: { path: '^src/vendors/([^/]+)/', pathNot: '^src/vendors/$1/' },
    },
    {
      name: 'only-the-hook-names-vendors',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(vendors|hooks)/' },
      to: { path: '^src/vendors/(perfcloud|ec2|libvirt)/' },
    },
    {
      name: 'only-compose-constructs',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(agency/(compose|open-store)[.]ts|store/|transport/)' },
      to: { path: '^src/(store/(?!(store|make-folder)[.]ts)|transport/(?!transport[.]ts))' },
    },
    {
      name: 'plugins-see-only-the-published-api',
      severity: 'error',
      from: { path: '^plugins/' },
      to: { path: '^src/' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules|dist' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
