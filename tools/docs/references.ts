/**
 * References to files of this repository, and which of them are broken:
 *
 * - in Markdown: relative links and images, with their anchors, and paths in backticks;
 * - in source: pages of `docs/` that a comment cites, and decisions that it cites by their four digits.
 *
 * Addresses on the web are not checked, so the check needs no network.
 */
import { existsSync, globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { anchorsOf, linesOutsideFences } from './markdown.ts'

export interface BrokenReference {
  /** Relative to the root. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly problem: string
}

/** Folders at the root that are written by programs. */
const generated: ReadonlySet<string> = new Set(['node_modules', 'var', 'dist', '.git', '.tap'])

const sources = '{src,tools,test,migrations,dialplan,asterisk-conf,.ci}/**/*.{ts,tsx,lua,conf,json}'
/** Tests of this check cite pages that do not exist. */
const ownTests = 'test/tools/docs/'

export async function brokenReferences(root: string): Promise<readonly BrokenReference[]> {
  const exclude = (path: string): boolean => generated.has(path.split('/')[0] ?? '')
  const pages = globSync('**/*.md', { cwd: root, exclude }).toSorted()
  const programs = globSync([sources, 'Makefile'], { cwd: root, exclude })
    .filter((path) => !path.startsWith(ownTests))
    .toSorted()
  return [...(await brokenInPages(root, pages)), ...(await brokenInSources(root, programs))]
}

async function brokenInPages(root: string, pages: readonly string[]): Promise<readonly BrokenReference[]> {
  const anchors = new Map<string, ReadonlySet<string>>()
  const hasAnchor = async (path: string, anchor: string): Promise<boolean> => {
    const known = anchors.get(path) ?? anchorsOf(await readFile(join(root, path), 'utf8'))
    anchors.set(path, known)
    return known.has(anchor)
  }
  const broken: BrokenReference[] = []
  for (const file of pages) {
    for (const { text, line } of linesOutsideFences(await readFile(join(root, file), 'utf8'))) {
      const report = (problem: string): void => void broken.push({ file, line, problem })
      for (const target of linksIn(text)) {
        const [path = '', anchor] = target.split('#')
        const linked = path === '' ? file : join(dirname(file), decodeURI(path))
        if (linked.startsWith('..')) report(`the link ${target} leaves the repository`)
        else if (!existsSync(join(root, linked))) report(`the link ${target} leads nowhere`)
        else if (anchor !== undefined && linked.endsWith('.md') && !(await hasAnchor(linked, anchor)))
          report(`the link ${target} names no heading of ${linked}`)
      }
      for (const path of pathsIn(text)) {
        const places = [path, join('src', path), join(dirname(file), path)]
        if (!places.some((place) => existsSync(join(root, place)))) report(`there is no file ${path}`)
      }
    }
  }
  return broken
}

async function brokenInSources(
  root: string,
  programs: readonly string[],
): Promise<readonly BrokenReference[]> {
  const decisions = new Set(globSync('docs/decisions/[0-9]*.md', { cwd: root }).map(numberOf))
  const broken: BrokenReference[] = []
  for (const file of programs) {
    const lines = (await readFile(join(root, file), 'utf8')).split('\n')
    for (const [index, text] of lines.entries()) {
      const report = (problem: string): void => void broken.push({ file, line: index + 1, problem })
      for (const [cited] of text.matchAll(/(?<![\w/])docs\/[\w./-]+\.md\b/g))
        if (!existsSync(join(root, cited))) report(`there is no page ${cited}`)
      for (const [, number = ''] of text.matchAll(/\bdecisions? (\d{4})\b/g))
        if (!decisions.has(number)) report(`there is no decision ${number}`)
    }
  }
  return broken
}

/** The four digits that begin a decision's file name. */
const numberOf = (path: string): string => basename(path).slice(0, 4)

/** Targets of links and images, but those of the web and of mail. */
function linksIn(text: string): readonly string[] {
  const withoutCode = text.replaceAll(/`[^`]*`/g, '')
  return [...withoutCode.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
}

const folders = 'src|tools|test|docs|migrations|dialplan|asterisk-conf|\\.ci'
const inAFolder = new RegExp(`^(?:${folders})/[\\w./-]*$`)
/** A file below a folder without the leading `src/`; not `var/…`, which does not exist before a start. */
const sourceFile = /^(?!var\/|node_modules\/)[\w-]+(?:\/[\w-]+)*\/[\w.-]+\.(?:tsx?|lua|conf|md)$/
const page = /^[\w-]+\.md$/

/** Code spans that have the form of a file or folder of this repository. */
function pathsIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)]
    .map(([, code = '']) => code)
    .filter((code) => inAFolder.test(code) || sourceFile.test(code) || page.test(code))
}
