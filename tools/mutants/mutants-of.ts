/** Mutants of a source file: each changes one place of its syntax, and a test should fail for it. */
import { parseSync, Visitor, type ESTree } from 'vite'

export const mutantKinds = [
  'condition negated',
  'boundary moved',
  'and/or swapped',
  'plus/minus swapped',
  'call removed',
  'awaited call removed',
  'return value replaced',
  'number changed',
] as const
export type MutantKind = (typeof mutantKinds)[number]

export interface Mutant {
  /** The same in each run on the same source, and after changes of other lines. */
  readonly id: string
  /** Path from the root. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly kind: MutantKind
  /** The changed expression or statement on one line, cut. */
  readonly before: string
  readonly after: string
  /** Offsets of the text that `replacement` replaces. */
  readonly start: number
  readonly end: number
  readonly replacement: string
}

const swapped: Readonly<Record<string, readonly [operator: string, kind: MutantKind]>> = {
  '<': ['<=', 'boundary moved'],
  '<=': ['<', 'boundary moved'],
  '>': ['>=', 'boundary moved'],
  '>=': ['>', 'boundary moved'],
  '&&': ['||', 'and/or swapped'],
  '||': ['&&', 'and/or swapped'],
  '+': ['-', 'plus/minus swapped'],
  '-': ['+', 'plus/minus swapped'],
}

/** Log lines are no behaviour, and an invariant's condition never fails in correct code. */
const withoutBehaviour = /^(?:(?:[\w.#]*[.#])?log(?:ger)?\??\.\w+|invariant)$/

/** Limit of `before` and `after`. */
const shownMax = 90

interface Range {
  readonly start: number
  readonly end: number
}

/** In the order of the source. Few of them do not parse (`&&` beside `??`): see `parses`. */
export function mutantsOf(file: string, text: string): readonly Mutant[] {
  const found: Mutant[] = []
  const times = new Map<string, number>()
  /** Literals that are no values: of types, and names of properties. */
  const noValues = new Set<number>()
  const source = ({ start, end }: Range): string => text.slice(start, end)

  const add = (kind: MutantKind, shown: Range, changed: Range, replacement: string): void => {
    const before = source(shown)
    const after = text.slice(shown.start, changed.start) + replacement + text.slice(changed.end, shown.end)
    const what = `${file} ${kind}: ${onOneLine(before)} → ${onOneLine(after)}`
    const time = (times.get(what) ?? 0) + 1
    times.set(what, time)
    found.push({
      id: time === 1 ? what : `${what} (${time})`,
      file,
      line: text.slice(0, changed.start).split('\n').length,
      kind,
      before: cut(onOneLine(before)),
      after: cut(onOneLine(after)) || '(nothing)',
      start: changed.start,
      end: changed.end,
      replacement,
    })
  }
  const negate = ({ test }: { readonly test: ESTree.Expression }): void => {
    if (test.type !== 'Literal') add('condition negated', test, test, `!(${source(test)})`)
  }
  const swapOperator = (node: ESTree.BinaryExpression | ESTree.LogicalExpression): void => {
    const [operator, kind] = swapped[node.operator] ?? []
    if (operator === undefined || kind === undefined || (node.operator === '+' && isText(node))) return
    const start = text.indexOf(node.operator, node.left.end)
    add(kind, node, { start, end: start + node.operator.length }, operator)
  }
  const replaceReturned = (shown: Range, value: ESTree.Expression): void => {
    for (const replacement of otherValues(value)) add('return value replaced', shown, value, replacement)
  }

  new Visitor({
    TSLiteralType: ({ literal }) => void noValues.add(literal.start),
    Property: ({ key, computed }) => void (computed || noValues.add(key.start)),
    IfStatement: negate,
    ConditionalExpression: negate,
    WhileStatement: negate,
    BinaryExpression: swapOperator,
    LogicalExpression: swapOperator,
    ExpressionStatement(node) {
      const { expression } = node
      const awaited = expression.type === 'AwaitExpression'
      const call = awaited ? expression.argument : expression
      if (call.type !== 'CallExpression' || call.callee.type === 'Super') return
      if (withoutBehaviour.test(source(call.callee))) return
      add(awaited ? 'awaited call removed' : 'call removed', node, node, ';')
    },
    ReturnStatement(node) {
      if (node.argument !== null) replaceReturned(node, node.argument)
    },
    ArrowFunctionExpression(node) {
      if (node.body.type !== 'BlockStatement') replaceReturned(node, node.body)
    },
    Literal(node) {
      if (typeof node.value !== 'number' || noValues.has(node.start)) return
      add('number changed', node, node, String(node.value === 0 ? 1 : node.value * 2))
    },
  }).visit(parseSync(file, text).program)
  return found.toSorted((one, other) => one.start - other.start)
}

/** The source with the mutant in it. */
export const mutated = (text: string, { start, end, replacement }: Mutant): string =>
  text.slice(0, start) + replacement + text.slice(end)

export const parses = (text: string, mutant: Mutant): boolean =>
  parseSync(mutant.file, mutated(text, mutant)).errors.length === 0

/** Expressions that are returned in place of a value; none when no other value is sure to differ. */
function otherValues(value: ESTree.Expression): readonly string[] {
  if (value.type === 'ParenthesizedExpression') return otherValues(value.expression)
  if (value.type === 'Literal') return otherLiterals(value.value)
  if (value.type === 'TemplateLiteral') return ["''"]
  if (value.type === 'ArrayExpression') return value.elements.length === 0 ? ['null'] : ['[]']
  if (value.type === 'Identifier' && value.name === 'undefined') return ['true']
  if (value.type === 'UnaryExpression' && value.operator === 'void') return []
  return isCondition(value) ? ['true', 'false'] : ['null']
}

function otherLiterals(
  value: ESTree.StringLiteral['value'] | number | boolean | bigint | RegExp | null,
): readonly string[] {
  if (typeof value === 'boolean') return [String(!value)]
  if (typeof value === 'string') return value === '' ? ["'x'"] : ["''"]
  // Numbers have a kind of their own.
  return value === null ? ['true'] : []
}

function isCondition(value: ESTree.Expression | ESTree.PrivateIdentifier): boolean {
  if (value.type === 'ParenthesizedExpression') return isCondition(value.expression)
  if (value.type === 'LogicalExpression')
    return value.operator !== '??' && isCondition(value.left) && isCondition(value.right)
  if (value.type === 'UnaryExpression') return value.operator === '!'
  return value.type === 'BinaryExpression' && isComparison(value)
}

const isComparison = ({ operator }: { readonly operator: string }): boolean =>
  /^(?:[!=]==?|[<>]=?|in|instanceof)$/.test(operator)

/** A sum of texts has no difference. */
function isText(value: ESTree.Expression | ESTree.PrivateIdentifier): boolean {
  if (value.type === 'ParenthesizedExpression') return isText(value.expression)
  if (value.type === 'Literal') return typeof value.value === 'string'
  if (value.type !== 'BinaryExpression') return value.type === 'TemplateLiteral'
  return value.operator === '+' && (isText(value.left) || isText(value.right))
}

const onOneLine = (text: string): string => (text === ';' ? '' : text.replaceAll(/\s+/g, ' '))

const cut = (text: string): string => (text.length > shownMax ? `${text.slice(0, shownMax)}…` : text)
