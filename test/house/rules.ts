/**
 * The house rules as checks: allowed imports between rooms, no import cycles, no unreachable or too long files, no full
 * folders, no paths of one machine, no unclear comments. A room is a folder or file directly under `src`.
 */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Schemas of the API, one file per subject: the only server files that the screens may import. */
const isWire = (path: string): boolean => /^http\/(?:[\w-]+\/)?wire\.ts$/.test(path)

/** Room → allowed imports besides itself: rooms, or single files. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  acd: ['core'],
  city: ['core'],
  fiscal: ['core', 'city', 'config.ts', 'setting.ts', 'metrics.ts'],
  documents: ['core', 'city', 'config.ts', 'setting.ts', 'metrics.ts'],
  redis: ['core', 'acd', 'config.ts', 'setting.ts', 'metrics.ts', 'repeat.ts'],
  asterisk: ['core', 'acd', 'config.ts', 'setting.ts', 'metrics.ts', 'missing-file.ts', 'repeat.ts'],
  jobs: [
    'core',
    'acd',
    'city',
    'ledger',
    'documents',
    'config.ts',
    'metrics.ts',
    'missing-file.ts',
    'repeat.ts',
  ],
  ledger: [
    'core',
    'acd',
    'city',
    'config.ts',
    'metrics.ts',
    'people/roles.ts',
    'people/sign-in-method.ts',
    'missing-file.ts',
    'repeat.ts',
  ],
  people: ['core', 'acd', 'city', 'ledger', 'config.ts', 'metrics.ts', 'missing-file.ts'],
  http: [
    'core',
    'acd',
    'city',
    'ledger',
    'people',
    'config.ts',
    'metrics.ts',
    'missing-file.ts',
    'repeat.ts',
  ],
  ui: ['core', 'wire'],
  stack: [
    'core',
    'city',
    'ledger',
    'people',
    'asterisk',
    'fiscal',
    'documents',
    'http/shell/csp.ts',
    'wire',
    // The supervisor releases the lease of a node whose process has ended.
    'redis/release-lease.ts',
    'redis/keys.ts',
    'config.ts',
    'setting.ts',
    'missing-file.ts',
    'repeat.ts',
    'upkeep.ts',
    'webhook-settings.ts',
  ],
  'config.ts': [
    'core',
    'paths.ts',
    'setting.ts',
    'sign-in-settings.ts',
    'city-hall-settings.ts',
    'webhook-settings.ts',
  ],
  'city-hall-settings.ts': ['setting.ts'],
  'sign-in-settings.ts': ['setting.ts', 'people/roles.ts'],
  'webhook-settings.ts': ['setting.ts'],
  'paths.ts': ['setting.ts'],
  'setting.ts': [],
  'missing-file.ts': [],
  'repeat.ts': [],
  'upkeep.ts': ['missing-file.ts'],
  'clock.ts': ['acd'],
  'metrics.ts': ['core', 'acd'],
  'main.ts': ['*'],
  'exposed-figures.ts': ['*'],
  'ownership.ts': ['*'],
  'connections.ts': ['*'],
  'subjects.ts': ['http'],
  'heartbeat.ts': [],
  'watchdog.ts': ['asterisk', 'config.ts', 'heartbeat.ts'],
  'sip-gate.ts': ['asterisk', 'config.ts', 'heartbeat.ts'],
}

/** Entry points; every other file of the product must be reachable from one of them. */
const entries = [
  'src/main.ts',
  'src/watchdog.ts',
  'src/sip-gate.ts',
  'src/jobs/recordings/encoder-process.ts',
  'src/people/passwords/digest-thread.ts',
  'src/ui/main.tsx',
  'vite.config.ts',
]
/** Entry points of the stack, started by the Makefile or by `linia`. */
const stackEntry = /^src\/stack\/((run|stop|clean)|commands\/cli)\.ts$/

const linesMax = 500
/** Files that may be longer, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {
  'test/support/pbx/fake-pbx.ts': 'an Asterisk in memory: two files would share all of its state',
}

/** Maximum number of files in one folder of the product. */
const filesMax = 25

/** Fixed waits of the tests; an event that is awaited is better, and this number only goes down. */
const fixedWaitsMax = 60
/** Rooms that are no tests of behaviour: what others use, and the pictures of the guides. */
const waitsFreely = /^test\/(support|house|e2e\/pictures)\//
const fixedWait = /(?:await (?:delay|pause|sleep|setTimeout)|\.waitForTimeout)\((?<time>[\w.]+)/

/** Paths that exist on one machine only. */
const machinePath = /(^|[\s'"`(=])\/(work|farm|tmp\/s|root|home\/\w+)\//m

export interface SourceFile {
  readonly path: string
  readonly text: string
  /** Imported files of the project, as paths from its root. */
  readonly imports: readonly string[]
}

/** One sentence per violation; empty when all rules are kept. */
export async function checkHouse(): Promise<readonly string[]> {
  const source = await filesIn('src')
  const others = [...(await filesIn('tools')), ...(await filesIn('test')), ...(await filesIn('migrations'))]
  return [
    ...brokenImports(source),
    ...cyclesIn(graphOf(source)).map((cycle) => `imports form a cycle: ${cycle.join(' → ')}`),
    ...fullFolders(source),
    ...deadFiles(source),
    ...source.flatMap(unclearComments),
    ...migrationsAlone(others),
    ...fixedWaits(others),
    ...[...source, ...others].flatMap(lengthOf),
    ...[...source, ...others].flatMap(machinePathsIn),
  ]
}

/** Module specifiers that a file imports or re-exports, types included. */
export function importsOf(text: string): string[] {
  const statement =
    /^\s*(?:import|export)\s+(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm
  const code = text.replace(/^\s*\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '')
  return [...code.matchAll(statement)].map(([, name, dynamic]) => name ?? dynamic ?? '')
}

export function allowedRooms(from: string, to: string): boolean {
  const own = roomOf(from)
  const allowed = mayImport[own] ?? []
  const other = relative('src', to)
  if (roomOf(to) === own) return true
  // `tools/` and `test/` are outside `src`: the product may not import them.
  if (other.startsWith('..')) return false
  return allowed.some(
    (one) => one === '*' || one === roomOf(to) || one === other || (one === 'wire' && isWire(other)),
  )
}

/** Each cycle once, beginning and ending with the same file. */
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

export function brokenImports(source: readonly SourceFile[]): string[] {
  const known = new Set(Object.keys(mayImport))
  const roomless = source.filter((file) => !known.has(roomOf(file.path)))
  const broken = source.flatMap((file) =>
    file.imports
      .filter((to) => /^(src|tools|test)\//.test(to) && !allowedRooms(file.path, to))
      .map((to) => `${file.path} must not import ${to}: ${roomOf(file.path)} may import ${rooms(file.path)}`),
  )
  return [...roomless.map((file) => `${file.path} is in no room of the house`), ...broken]
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
    .map(({ path }) => `${path} is not reachable from any entry point: remove it, or import it`)
}

/** One sentence per folder of the product with too many files. */
function fullFolders(source: readonly SourceFile[]): string[] {
  const folders = Map.groupBy(source, ({ path }) => dirname(path))
  return [...folders]
    .filter(([, files]) => files.length > filesMax)
    .map(
      ([folder, files]) => `${folder} has ${files.length} files; at most ${filesMax}: group them by subject`,
    )
}

/** A migration is frozen, but its imports could change: it may have none. */
function migrationsAlone(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path, imports }) => path.startsWith('migrations/') && imports.length > 0)
    .map(({ path, imports }) => `${path} must not import ${imports.join(', ')}: migrations import nothing`)
}

function lengthOf({ path, text }: SourceFile): string[] {
  const lines = text.split('\n').length - 1
  if (longFiles[path] !== undefined || lines <= linesMax) return []
  return [
    `${path} has ${lines} lines; at most ${linesMax} (or name it, with the reason, in test/house/rules.ts)`,
  ]
}

/** Each with a named time, or with its reason in a comment before it. */
export function fixedWaits(files: readonly Pick<SourceFile, 'path' | 'text'>[]): string[] {
  const waits = files
    .filter(({ path }) => path.startsWith('test/') && !waitsFreely.test(path))
    .flatMap(({ path, text }) => {
      const lines = text.split('\n')
      return lines.flatMap((line, index) => {
        const time = fixedWait.exec(line)?.groups?.['time']
        if (time === undefined) return []
        const explained = !/^\d/.test(time) || lines[index - 1]?.trim().startsWith('//') === true
        return [{ at: `${path}:${index + 1}`, explained }]
      })
    })
  const unexplained = waits
    .filter(({ explained }) => !explained)
    .map(({ at }) => `${at} waits a fixed time without its reason in the line before`)
  return waits.length > fixedWaitsMax
    ? [...unexplained, `tests wait a fixed time at ${waits.length} places; at most ${fixedWaitsMax}`]
    : unexplained
}

function machinePathsIn({ path, text }: SourceFile): string[] {
  const found = path === 'test/house/rules.ts' ? null : machinePath.exec(text)
  return found === null ? [] : [`${path} names a folder of one machine: ${found[0].trim()}`]
}

/** A pronoun of one gender, or a sentence that begins with a bare relative as its subject (`docs/glossary.md`, Prose). */
const genderedPronoun = /\b(?:he|him|his)\b/i
const unclearStart = /(?:^|[.!?:] )(?:Who|Whoever|Whom|What)\b/

/** Comments of a file that break the prose rule, one sentence each. */
export function unclearComments({ path, text }: Pick<SourceFile, 'path' | 'text'>): string[] {
  return commentsOf(text)
    .filter((comment) => genderedPronoun.test(comment) || unclearStart.test(comment))
    .map((comment) => `${path} has an unclear comment: ${comment.slice(0, 80)}`)
}

/** The texts of all comments; consecutive `//` lines are one comment. */
export function commentsOf(text: string): string[] {
  const comments = text.match(/\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n?)+/gm) ?? []
  return comments.map((comment) =>
    comment
      .replaceAll(/^[ \t]*(?:\/\*+|\/\/|\*(?!\/))|\*+\/$/gm, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )
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
  return { path, text, imports: ownFiles(importsOf(text)) }
}
