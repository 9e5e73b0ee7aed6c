/**
 * How the house is built, as rules that can fail: which room may import which, no cycles, no file that
 * nothing reaches, no file that is too long, no path of one machine.
 */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What the API says, by subject: the screens read it, and nothing else of the server. */
const wires = [
  'http/wire.ts',
  'http/wire-papers.ts',
  'http/wire-requests.ts',
  'http/wire-documents.ts',
  'http/wire-taxes.ts',
  'http/wire-identity.ts',
  'http/wire-journal.ts',
  'http/wire-agreement.ts',
  'http/wire-accounts.ts',
]

/** Room → what it may import besides itself: rooms, or single files. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  voice: ['core'],
  city: ['core'],
  fiscal: ['core', 'city', 'config.ts', 'setting.ts', 'metrics.ts'],
  documents: ['core', 'city', 'config.ts', 'setting.ts', 'metrics.ts'],
  line: ['core', 'voice', 'config.ts', 'setting.ts', 'metrics.ts'],
  asterisk: ['core', 'voice', 'config.ts', 'setting.ts', 'metrics.ts'],
  jobs: ['core', 'voice', 'city', 'ledger', 'documents', 'config.ts', 'metrics.ts'],
  ledger: ['core', 'voice', 'city', 'config.ts', 'metrics.ts', 'people/roles.ts'],
  people: ['core', 'voice', 'city', 'ledger', 'config.ts', 'metrics.ts'],
  http: ['core', 'voice', 'city', 'ledger', 'people', 'config.ts', 'metrics.ts'],
  ui: ['core', ...wires],
  stack: [
    'core',
    'city',
    'ledger',
    'people',
    'asterisk',
    'fiscal',
    'documents',
    'http/csp.ts',
    'http/wire.ts',
    // What a node holds is nobody's when its process has ended, and only its supervisor sees that.
    'line/give-back.ts',
    'line/keys.ts',
    'config.ts',
    'setting.ts',
  ],
  'config.ts': ['core', 'paths.ts', 'setting.ts'],
  'paths.ts': ['setting.ts'],
  'setting.ts': [],
  'clock.ts': ['voice'],
  'metrics.ts': ['core', 'voice'],
  'main.ts': ['*'],
  'term.ts': ['*'],
  'watchdog.ts': ['asterisk', 'config.ts'],
}

/** Where programs begin; every other file must be reached from one of these, or from a test only if listed below. */
const entries = [
  'src/main.ts',
  'src/watchdog.ts',
  'src/jobs/encoder-process.ts',
  'src/ui/main.tsx',
  'vite.config.ts',
]
/** Programs of the stack: started by the Makefile or by `linia`. */
const stackEntry = /^src\/stack\/(run|stop|clean|demo|lone-citizen|demo-documents|cli)\.ts$/

const linesMax = 300
/** Tests tell many small stories of one subject. */
const testLinesMax = 500
/** Longer files, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {
  'src/core/call-step.ts': 'the machine of a call, one function per phase: it is read as one',
}

/** Folders of single machines; in texts that are shared they would be true nowhere else. */
const machinePath = /(^|[\s'"`(=])\/(work|farm|tmp\/s|root|home\/\w+)\//m

interface SourceFile {
  readonly path: string
  readonly text: string
  /** Paths of the project's own files that it imports. */
  readonly imports: readonly string[]
  /** The same without imports of types, which are gone when the program runs. */
  readonly valueImports: readonly string[]
}

/** One sentence for each broken rule; empty when the house stands. */
export async function checkHouse(): Promise<readonly string[]> {
  const source = await filesIn('src')
  const others = (await Promise.all(['test', 'tools', 'migrations'].map(filesIn))).flat()
  return [
    ...brokenImports(source),
    ...cyclesIn(new Map(source.map((file) => [file.path, file.valueImports]))).map(
      (cycle) => `imports go in a circle: ${cycle.join(' → ')}`,
    ),
    ...deadFiles(source),
    ...migrationsAlone(others),
    ...[...source, ...others].flatMap(lengthOf),
    ...[...source, ...others].flatMap(machinePathsIn),
  ]
}

/** What a file imports or re-exports, as written; `values` leaves out what only the type checker sees. */
export function importsOf(text: string, which: 'all' | 'values' = 'all'): string[] {
  const statement =
    /^\s*(?:import|export)\s+(type\s+(?!from\b))?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm
  const code = text.replace(/^\s*\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '')
  return [...code.matchAll(statement)]
    .filter(([, typeOnly]) => which === 'all' || typeOnly === undefined)
    .map(([, , name, dynamic]) => name ?? dynamic ?? '')
}

export function allowedRooms(from: string, to: string): boolean {
  const own = roomOf(from)
  const allowed = mayImport[own] ?? []
  const other = relative('src', to)
  return roomOf(to) === own || allowed.some((one) => one === '*' || one === roomOf(to) || one === other)
}

/** Each circle once, beginning and ending with the same file. */
export function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = []
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string) => {
    const at = path.indexOf(file)
    if (at !== -1) cycles.push([...path.slice(at), file])
    if (at !== -1 || done.has(file)) return
    path.push(file)
    for (const next of graph.get(file) ?? []) visit(next)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
  return cycles
}

/** `src/core/call.ts` → `core`; `src/main.ts` → `main.ts`. */
function roomOf(path: string): string {
  return relative('src', path).split('/')[0] ?? ''
}

function brokenImports(source: readonly SourceFile[]): string[] {
  const known = new Set(Object.keys(mayImport))
  const strangers = source.filter((file) => !known.has(roomOf(file.path)))
  const broken = source.flatMap((file) =>
    file.imports
      .filter((to) => to.startsWith('src/') && !allowedRooms(file.path, to))
      .map((to) => `${file.path} must not import ${to}: ${roomOf(file.path)} may import ${rooms(file.path)}`),
  )
  return [...strangers.map((file) => `${file.path} stands in no room of the house`), ...broken]
}

function rooms(path: string): string {
  const allowed = mayImport[roomOf(path)] ?? []
  return allowed.length === 0 ? 'nothing' : allowed.join(', ')
}

function deadFiles(source: readonly SourceFile[]): string[] {
  const graph = graphOf(source)
  const reached = new Set<string>()
  const reach = (file: string) => {
    if (reached.has(file)) return
    reached.add(file)
    for (const next of graph.get(file) ?? []) reach(next)
  }
  for (const { path } of source) if (entries.includes(path) || stackEntry.test(path)) reach(path)
  return source
    .filter(({ path }) => !reached.has(path) && !path.endsWith('.d.ts'))
    .map(({ path }) => `${path} is used by no program: remove it, or import it`)
}

/** A migration is frozen: what it imported could change under it. */
function migrationsAlone(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path, imports }) => path.startsWith('migrations/') && imports.length > 0)
    .map(({ path, imports }) => `${path} must not import ${imports.join(', ')}: migrations stand alone`)
}

function lengthOf({ path, text }: SourceFile): string[] {
  const lines = text.split('\n').length - 1
  const max = path.startsWith('test/') ? testLinesMax : linesMax
  if (longFiles[path] !== undefined || lines <= max) return []
  return [`${path} has ${lines} lines; at most ${max} (or name it, with the reason, in test/house/rules.ts)`]
}

function machinePathsIn({ path, text }: SourceFile): string[] {
  const found = path === 'test/house/rules.ts' ? null : machinePath.exec(text)
  return found === null ? [] : [`${path} names a folder of one machine: ${found[0].trim()}`]
}

function graphOf(source: readonly SourceFile[]): Map<string, readonly string[]> {
  return new Map(source.map(({ path, imports }) => [path, imports]))
}

async function filesIn(folder: string): Promise<SourceFile[]> {
  if (!existsSync(join(root, folder))) return []
  const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  const paths = found
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
  return Promise.all(paths.map(readSource))
}

async function readSource(path: string): Promise<SourceFile> {
  const text = await readFile(join(root, path), 'utf8')
  const ownFiles = (names: readonly string[]) =>
    names.filter((name) => name.startsWith('.')).map((name) => normalize(join(dirname(path), name)))
  return { path, text, imports: ownFiles(importsOf(text)), valueImports: ownFiles(importsOf(text, 'values')) }
}
