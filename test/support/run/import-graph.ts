/** Which file imports which, read from the sources' text: enough to order test files and to find those that a change can reach. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export interface Imports {
  /** Files of the project. */
  readonly files: readonly string[]
  /** Built-in modules, such as `node:child_process`. */
  readonly builtIn: readonly string[]
}

/** By file; paths from the root of the project. */
export type ImportGraph = ReadonlyMap<string, Imports>

/** The command `linia` is a shell script that starts a program. */
const shellPrograms = ['src/stack/linia']

/**
 * Imports of types alone are left out: they are not there at run time. A program that is started is an import too: by its
 * URL, or by its path from the root.
 */
const forms = [
  /^(?:import|export)\s(?!type\s)[^'"]*?\sfrom\s+'([^']+)'/gm,
  /^import\s+'([^']+)'/gm,
  /\bimport\(\s*'([^']+)'/g,
  /\bnew URL\(\s*'([^']+)',\s*import\.meta\.url/g,
  /['\s]((?:src|tools|test|migrations)\/[\w./-]+\.ts)['\s]/g,
]

export function readImports(root: string): ImportGraph {
  const paths = [...globSync('{src,tools,test,migrations}/**/*.{ts,tsx}', { cwd: root }), ...shellPrograms]
  const present = paths.filter((path) => existsSync(join(root, path)))
  return importsIn(new Map(present.map((path) => [path, readFileSync(join(root, path), 'utf8')])))
}

/** @param texts path from the root → text */
export function importsIn(texts: ReadonlyMap<string, string>): ImportGraph {
  return new Map([...texts].map(([file, text]) => [file, importsOf(file, text, texts)]))
}

function importsOf(file: string, text: string, all: ReadonlyMap<string, string>): Imports {
  const named = forms.flatMap((form) => [...text.matchAll(form)].map(([, name = '']) => name))
  const paths = named.map((name) => (name.startsWith('.') ? normalize(join(dirname(file), name)) : name))
  return {
    files: [...new Set(paths)].filter((one) => one !== file && all.has(one)),
    builtIn: named.filter((name) => name.startsWith('node:')),
  }
}

/** The file and everything that it imports, directly or not. */
export function reachedFrom(graph: ImportGraph, file: string): ReadonlySet<string> {
  const reached = new Set([file])
  // A set is iterated in the order of insertion, with what is added meanwhile.
  for (const one of reached) for (const imported of graph.get(one)?.files ?? []) reached.add(imported)
  return reached
}

/** The files that import one of these, directly or not, with the number of steps to the nearest. */
export function reaching(graph: ImportGraph, changed: readonly string[]): ReadonlyMap<string, number> {
  const importers = new Map<string, string[]>()
  for (const [file, { files }] of graph)
    for (const imported of files) importers.set(imported, [...(importers.get(imported) ?? []), file])
  const steps = new Map(changed.map((file) => [file, 0]))
  for (const [file, step] of steps)
    for (const importer of importers.get(file) ?? []) if (!steps.has(importer)) steps.set(importer, step + 1)
  return steps
}
