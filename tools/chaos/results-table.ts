/** The rounds as a table. */
import type { Row } from './fault-round.ts'

const heads = [
  'fault',
  'lost talking',
  'lost waiting',
  'order',
  'back after ms',
  'first sound ms',
  'gap ms (before; whole)',
  'music gap ms',
  'three, listener gap ms',
  'ledger',
  'sound lost, short',
  'left over',
  'verdict',
]

export function tableOf(rows: readonly Row[]): string {
  const lines = [heads, ...rows.map(cells)]
  const wide = heads.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(wide[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cells(row: Row): string[] {
  const { fault, talking, waiting, lostTalking, lostWaiting, fell, backMs, readyMs, gapMs, ledger, left } =
    row
  return [
    fault,
    fell > 0 ? `(${talking} lost with Asterisk)` : `${lostTalking} of ${talking}`,
    fell > 0 ? `(${waiting} lost with Asterisk)` : `${lostWaiting} of ${waiting}`,
    row.outOfOrder === 0 ? 'kept' : `${row.outOfOrder} early`,
    backMs === null ? 'never' : String(Math.round(Math.max(backMs, readyMs))),
    row.firstSoundMs === null ? '–' : String(Math.round(row.firstSoundMs)),
    `${gapMs?.toFixed(1) ?? '–'} (${row.quietGapMs?.toFixed(1) ?? '–'}; ${row.slowGapMs?.toFixed(1) ?? '–'})`,
    row.withoutMusic > 0 ? `${row.withoutMusic} silent` : (row.musicGapMs?.toFixed(1) ?? '–'),
    row.others === null
      ? '–'
      : row.others.unheard.length > 0
        ? `${row.others.unheard.length} unheard`
        : `${row.others.gapMs.toFixed(0)} (${row.others.quietGapMs.toFixed(0)})`,
    `${ledger.right}/${ledger.all}${ledger.fromCel > 0 ? ` (${ledger.fromCel} by CEL)` : ''}`,
    row.sound === null ? '–' : `${row.sound.lost + row.sound.withoutRecording}, ${row.sound.tooShort}`,
    left.length === 0 ? 'nothing' : left.length === 1 ? (left[0] ?? '') : `${left.length} things`,
    row.broken.length === 0 ? 'kept' : 'BROKEN',
  ]
}
