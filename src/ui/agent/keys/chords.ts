/** Key combinations as they are stored, compared and shown: `Shift+F8`, `Ctrl+K`. */

export const keyActions = [
  'answer',
  'hang-up',
  'mute',
  'hold',
  'transfer',
  'three-way',
  'hand-over',
  'end-consult',
  'interpreter',
  'ask-help',
  'recording',
  'keypad',
  'search',
  'next-tab',
  'next-zone',
  'palette',
  'save',
  'told',
  'complain',
  'in-words',
  'pause-ready',
  'extend',
  'unfinished',
  'speak-time',
  'start-papers',
  'start-request',
  'start-taxes',
  'start-document',
  'another-person',
  'next-person',
  'help',
] as const
export type KeyAction = (typeof keyActions)[number]
export type KeyMap = Readonly<Record<KeyAction, string>>

export const defaultKeys: KeyMap = {
  answer: 'F8',
  'hang-up': 'Shift+F8',
  mute: 'F9',
  hold: 'Shift+F9',
  transfer: 'Shift+F1',
  'three-way': 'Ctrl+F6',
  'hand-over': 'Ctrl+F1',
  'end-consult': 'Ctrl+F11',
  interpreter: 'Ctrl+I',
  'ask-help': 'Shift+F11',
  recording: 'Ctrl+F12',
  keypad: 'Shift+F12',
  search: 'F2',
  'next-tab': 'Shift+F2',
  'next-zone': 'F6',
  palette: 'Ctrl+K',
  save: 'Ctrl+Enter',
  told: 'F7',
  complain: 'Shift+F7',
  'in-words': 'F10',
  'pause-ready': 'F4',
  extend: 'F3',
  unfinished: 'Shift+F3',
  'speak-time': 'Shift+F4',
  'start-papers': 'Ctrl+F7',
  'start-request': 'Ctrl+F8',
  'start-taxes': 'Ctrl+F9',
  'start-document': 'Ctrl+F10',
  'another-person': 'Ctrl+F2',
  'next-person': 'Ctrl+F3',
  help: 'F1',
}

/** The keys of the persons checked in a conversation; they do nothing outside one. */
export const isOfPerson = (action: KeyAction): boolean =>
  action === 'another-person' || action === 'next-person'

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
  readonly metaKey: boolean
  getModifierState(name: string): boolean
}

const modifiers = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph'])

/**
 * The combination that was pressed; null for a lone modifier and for AltGr, which Windows reports as Ctrl+Alt
 * and which types ă, ș and ț on the Romanian keyboard.
 */
export function chordOf(press: KeyPress): string | null {
  if (modifiers.has(press.key) || press.getModifierState('AltGraph')) return null
  const parts: string[] = []
  if (press.ctrlKey || press.metaKey) parts.push('Ctrl')
  if (press.altKey) parts.push('Alt')
  if (press.shiftKey) parts.push('Shift')
  parts.push(press.key.length === 1 ? press.key.toUpperCase() : press.key)
  return parts.join('+')
}

/** Of a supervisor in a call, and on the board (`supervisor/supervision/supervision-keys.ts`). */
export const supervisionChords = [
  'Ctrl+Shift+F1',
  'Ctrl+Shift+F2',
  'Ctrl+Shift+F3',
  'Ctrl+Shift+F4',
  'Ctrl+Shift+F8',
  'Ctrl+Shift+F6',
] as const

/**
 * Reserved by browsers (tabs, reloading, menus), by common editing (copy, cut, paste, undo, select, print, find) or by
 * the board (Shift+F6, Ctrl+Shift+F1 …): a supervisor may be an agent too.
 */
const reserved = new Set(
  (
    'F5 Ctrl+F5 Shift+F5 Shift+F6 Ctrl+F4 Shift+F10 F11 F12 ' +
    'Ctrl+1 Ctrl+2 Ctrl+3 Ctrl+4 Ctrl+5 Ctrl+6 Ctrl+7 Ctrl+8 Ctrl+9 Ctrl+N Ctrl+T Ctrl+W Ctrl+R Ctrl+Shift+N Ctrl+Shift+T ' +
    'Ctrl+C Ctrl+X Ctrl+V Ctrl+Shift+V Ctrl+Z Ctrl+Shift+Z Ctrl+Y Ctrl+A Ctrl+P Ctrl+F Ctrl+S ' +
    'Ctrl+Backspace Ctrl+Delete Ctrl+ArrowLeft Ctrl+ArrowRight Ctrl+Home Ctrl+End ' +
    supervisionChords.join(' ')
  ).split(' '),
)

/** Whether a combination may be assigned: never a letter alone, never with Alt. */
export function isAssignable(chord: string): boolean {
  if (reserved.has(chord) || chord.includes('Alt')) return false
  const last = chord.split('+').at(-1) ?? ''
  if (/^F\d{1,2}$/.test(last)) return true
  return chord.startsWith('Ctrl+') && last !== ''
}

export function actionOf(chord: string, map: KeyMap): KeyAction | null {
  return keyActions.find((action) => map[action] === chord) ?? null
}

/** The format of `aria-keyshortcuts`. */
export function ariaChord(chord: string): string {
  return chord.replace('Ctrl', 'Control')
}

/**
 * Whether a press follows the previous one too closely: answer or hang-up within `bounceMs` of either. The
 * second press would act on the next screen.
 */
export const bounceMs = 700
const guarded: readonly KeyAction[] = ['answer', 'hang-up']
export function isBounce(
  action: KeyAction,
  at: number,
  previous: { readonly action: KeyAction; readonly at: number } | null,
): boolean {
  if (previous === null || at - previous.at >= bounceMs) return false
  return guarded.includes(action) && guarded.includes(previous.action)
}
