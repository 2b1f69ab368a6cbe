// `npm run lock`: makes package-lock.json fit for every machine after dependencies changed: no download addresses, and an entry for each
// optional package of another platform, also of those that the registry at hand does not carry (without one `npm ci` refuses the file).
import { readFileSync, writeFileSync } from 'node:fs';

const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'x64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x'];
const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const entries = Object.entries(lock.packages);

for (const [, parent] of entries) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    if (Object.keys(lock.packages).some((known) => known.endsWith(path))) continue;
    const words = name.split(/[/-]/);
    const system = systems.find((word) => words.includes(word));
    const processor = processors.find((word) => words.includes(word));
    if (!system || !processor) throw new Error(`${name}: neither in the registry nor named after a platform`);
    const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined;
    lock.packages[path] = {
      version,
      cpu: [processor],
      ...(parent.dev ? { dev: true } : {}),
      ...(libc ? { libc } : {}),
      license: parent.license,
      optional: true,
      os: [system],
    };
  }
}
for (const entry of Object.values(lock.packages)) if (/^https?:/.test(entry.resolved ?? '')) delete entry.resolved;
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
