/** The keys of the grid: arrows move, digits set a level. */
export interface Place {
  readonly row: number
  readonly column: number
}

interface Size {
  readonly rows: number
  readonly columns: number
}

/** Null: the key sets no level. */
export function levelKey(key: string): number | null {
  if (/^[0-5]$/.test(key)) return Number(key)
  return key === 'Delete' || key === 'Backspace' ? 0 : null
}

const inside = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value))

/** Null: the key does not move. At an edge the place stays. */
export function moved(key: string, { row, column }: Place, { rows, columns }: Size): Place | null {
  switch (key) {
    case 'ArrowUp':
      return { row: inside(row - 1, rows), column }
    case 'ArrowDown':
      return { row: inside(row + 1, rows), column }
    case 'ArrowLeft':
      return { row, column: inside(column - 1, columns) }
    case 'ArrowRight':
      return { row, column: inside(column + 1, columns) }
    case 'Home':
      return { row, column: 0 }
    case 'End':
      return { row, column: inside(columns - 1, columns) }
    case 'PageUp':
      return { row: inside(row - 10, rows), column }
    case 'PageDown':
      return { row: inside(row + 10, rows), column }
    default:
      return null
  }
}
