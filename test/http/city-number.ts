import { noWords } from '../../src/core/announcements/own-words.ts'
import type { CityNumber } from '../../src/core/configuration/line.ts'
import { QueueId } from '../../src/core/ids.ts'
import { parseLineHours } from '../../src/core/opening-hours.ts'

/** A number of the city with opening hours of its own; null: those of the setting. */
export function cityNumber(number: string, weekly: string | null): CityNumber {
  const hours = weekly === null ? null : parseLineHours(weekly)
  if (hours?.ok === false) throw new Error(hours.expected)
  return {
    number,
    also: [],
    queue: QueueId('general'),
    hours: hours?.hours ?? null,
    menu: null,
    closed: 'message',
    answer: null,
    closingGraceMs: null,
    words: noWords,
  }
}
