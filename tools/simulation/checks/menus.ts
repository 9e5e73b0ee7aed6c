/** Callers in menus: each key leads where the city has said, and nobody stays. The product's own functions are not asked. */
import type { AcdCallEvent } from '../../../src/core/acd-event.ts'
import type { Call, LiveCall } from '../../../src/core/call.ts'
import type { Language } from '../../../src/core/configuration/menu.ts'
import { callerLegOf } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import { must } from './violation.ts'

export type MenuFlaw =
  | 'a caller in menus past the bound'
  | 'a menu read past its bound'
  | 'a key awaited past its bound'
  | 'music in a menu'
  | 'a menu is read to a caller who has left it'

/** Where each key of the simulated city leads (`world/menus.ts`). */
const ways: Readonly<Record<string, string>> = {
  'first 1': 'queue city',
  'first 2': 'queue taxes',
  'first 3': 'menu further',
  'first 7': 'voicemail taxes',
  'first 8': 'menu first',
  'first 9': 'menu first',
  'first #': 'menu first',
  'further 1': 'queue taxes',
  'further *': 'menu first',
  'further #': 'menu further',
}
const languagesOf: Readonly<Record<string, Language>> = { 'first 8': 'hu', 'first 9': 'en' }
const repeatsOf: Readonly<Record<string, number>> = { first: 2, further: 1 }
/** 3 minutes. */
const inMenusMaxMs = 180_000

const placeOf = (call: Call): string => {
  if (call.phase === 'menu') return `menu ${call.place.path.at(-1) ?? ''}`
  if (call.phase === 'voicemail') return `voicemail ${call.queue}`
  return call.phase === 'waiting' ? `queue ${call.queue}` : call.phase
}

/** Other stages in which keys have a meaning. */
const withKeys: readonly Call['phase'][] = ['closed', 'voicemail', 'survey']

/** Checks an event of a call against the call before it. */
export function checkMenu(before: Call, { event, after }: AcdCallEvent, text: () => string): void {
  // Whether the caller wants to be called back.
  if (event.type === 'KeyPressed' && before.phase === 'waiting' && before.question !== null) {
    must(after.phase === 'waiting', 'a key led elsewhere', text)
  } else if (event.type === 'KeyPressed' && !withKeys.includes(before.phase)) {
    must(before.phase === 'menu', 'a key changed a call that is in no menu', text)
    const menu = before.place.path.at(-1) ?? ''
    const wanted = ways[`${menu} ${event.key}`]
    const chosen = languagesOf[`${menu} ${event.key}`]
    must(after.language === (chosen ?? before.language), 'a caller hears another language', text)
    if (wanted === undefined) return checkRepeated(before, after, text)
    if (event.instead !== undefined) {
      const { queue } = event.instead
      const isTheirs = wanted === `voicemail ${queue}` || queue === before.queue
      must(wanted.startsWith('voicemail') && isTheirs, 'a key led elsewhere', text)
      must(placeOf(after) === `queue ${queue}`, 'a key led elsewhere', text)
      return
    }
    must(placeOf(after) === wanted, 'a key led elsewhere', text)
    return
  }
  if (before.phase === 'menu' && event.type === 'PlaybackEnded')
    must(event.playback === before.playback, 'the end of another reading was applied', text)
  if (before.phase !== 'menu' || event.type !== 'DeadlinePassed' || before.isReading) return
  checkRepeated(before, after, text)
}

/** Without a usable key: the menu again, then the number's own queue. */
function checkRepeated(before: LiveCall & { phase: 'menu' }, after: Call, text: () => string): void {
  const menu = before.place.path.at(-1) ?? ''
  const left = after.phase === 'menu' ? after.place.repeatsLeft : -1
  must(left < (repeatsOf[menu] ?? 0), 'a menu was repeated too often', text)
  if (after.phase !== 'menu')
    must(placeOf(after) === `queue ${after.line}`, 'a caller without a key is in another queue', text)
  else must(placeOf(after) === placeOf(before), 'a key led elsewhere', text)
}

export function menuFlaws(
  call: LiveCall,
  { channels, playing }: FakeAsterisk,
  now: number,
): readonly { readonly flaw: MenuFlaw; readonly subject: string }[] {
  const caller = callerLegOf(call.id)
  const isWanted = (reading: string): boolean =>
    call.phase === 'menu' && call.isReading && reading === call.playback
  const isLeft = [...playing].some(
    ([reading, channel]) => channel === caller && reading.startsWith('menu') && !isWanted(reading),
  )
  const left = isLeft
    ? [{ flaw: 'a menu is read to a caller who has left it', subject: call.id } as const]
    : []
  if (call.phase !== 'menu') return left
  return [
    ...left,
    {
      flaw: call.isReading ? 'a menu read past its bound' : 'a key awaited past its bound',
      subject: call.playback,
    },
    ...(now > call.since + inMenusMaxMs
      ? [{ flaw: 'a caller in menus past the bound', subject: call.id } as const]
      : []),
    ...(channels.get(caller)?.music ? [{ flaw: 'music in a menu', subject: call.id } as const] : []),
  ]
}
