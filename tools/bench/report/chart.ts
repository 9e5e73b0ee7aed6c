/** The figures as one SVG: a row per measure, a bar per system, on a logarithmic scale. */
import type { Figures } from './figures.ts'

export interface Group {
  readonly name: string
  readonly bars: readonly { readonly system: string; readonly figures: Figures }[]
}

const wide = 860
const left = 300
const rowHigh = 22
const groupGap = 18
const colours = ['#1c6dd0', '#b0b7c3']
/** Milliseconds at the left and the right end of the scale. */
const [from, to] = [0.5, 10_000]

const at = (ms: number): number =>
  left + ((wide - left - 130) * Math.log(Math.min(Math.max(ms, from), to) / from)) / Math.log(to / from)

/** The bar ends at the median, the thin line behind it at the 99th percentile. */
export function chart(title: string, groups: readonly Group[]): string {
  let y = 44
  const parts: string[] = []
  for (const { name, bars } of groups) {
    parts.push(text(left - 10, y + (bars.length * rowHigh) / 2 + 3, name, 'end'))
    for (const [index, { system, figures }] of bars.entries()) {
      const middle = y + rowHigh / 2
      const colour = colours[index % colours.length]
      const label = `${system} ${shown(figures.p50)} / ${shown(figures.p99)} ms`
      parts.push(
        `<line x1="${left}" x2="${at(figures.p99).toFixed(1)}" y1="${middle}" y2="${middle}" stroke="${colour}" stroke-width="2"/>`,
        `<rect x="${left}" y="${y + 3}" width="${(at(figures.p50) - left).toFixed(1)}" height="${rowHigh - 6}" rx="3" fill="${colour}"/>`,
        text(at(figures.p99) + 8, middle + 4, label, 'start'),
      )
      y += rowHigh
    }
    y += groupGap
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${y}" font-family="system-ui, sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    `<rect width="${wide}" height="${y}" fill="#ffffff"/>`,
    `<text x="12" y="22" font-size="14" font-weight="600" fill="#1f2733">${title}</text>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

const text = (x: number, y: number, words: string, anchor: 'start' | 'end'): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="#1f2733">${words}</text>`

const shown = (ms: number): string => (ms < 100 ? ms.toFixed(1) : ms.toFixed(0))
