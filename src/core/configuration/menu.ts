/**
 * Menus by key: what a key leads to, and what follows when none is pressed. A call carries the menus that it may come
 * through, so that a change of the configuration never leaves it between two of them.
 */
import type { QueueId } from '../ids.ts'
import { invariant } from '../invariant.ts'

export const menuKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'] as const
export type MenuKey = (typeof menuKeys)[number]

/** Those of the line's own sentences. */
export const lineLanguages = ['ro', 'en'] as const
export type LineLanguage = (typeof lineLanguages)[number]

/** Those in which a city may write menus and announcements as well: of minorities, neighbours and visitors; espeak-ng speaks each. */
export const furtherLanguages = [
  'bg',
  'cs',
  'de',
  'el',
  'es',
  'fr',
  'hr',
  'hu',
  'it',
  'pl',
  'ru',
  'sk',
  'sr',
  'tr',
  'uk',
] as const
export type FurtherLanguage = (typeof furtherLanguages)[number]
export const languages = [...lineLanguages, ...furtherLanguages] as const
/** ISO 639-1. */
export type Language = (typeof languages)[number]

/** In which a caller of this language hears the line's own sentences. */
export const lineLanguageOf = (language: Language): LineLanguage => (language === 'en' ? 'en' : 'ro')

/** By language; Romanian is always there. */
export type InLanguages = { readonly ro: string } & Readonly<Partial<Record<Language, string>>>

export type MenuTarget =
  /** `priority`: that of the queue. */
  | { readonly queue: QueueId; readonly priority: number }
  /** The caller leaves a message in the queue; the sounds say how. */
  | { readonly voicemail: QueueId; readonly sounds: Readonly<Record<LineLanguage, string>> }
  | { readonly menu: string }
  | { readonly language: Language }
  | { readonly back: true }
  | { readonly again: true }

export interface Menu {
  /** The names of its sounds (`soundOf`). */
  readonly sounds: InLanguages
  readonly keys: Readonly<Partial<Record<MenuKey, MenuTarget>>>
  readonly repeats: number
}

/** The menus that a number's callers may come through: each one to which a key leads is there, and so is the first. */
export interface MenuTree {
  readonly first: string
  readonly menus: Readonly<Record<string, Menu>>
}

/** Where a caller is. */
export interface MenuPlace {
  readonly tree: MenuTree
  /** The menus that led here, and this one. */
  readonly path: readonly string[]
  readonly language: Language
  /** How often the menu is still repeated for want of a usable key. */
  readonly repeatsLeft: number
  /** The menu is heard after a sound that tells of a key without a meaning. */
  readonly isWrongKey: boolean
}

/** Null: nobody has pressed a usable key, and the caller waits for a person in the number's own queue. */
export type MenuNext =
  | MenuPlace
  | { readonly queue: QueueId; readonly priority: number }
  | { readonly voicemail: QueueId; readonly sounds: Readonly<Record<LineLanguage, string>> }
  | null

export const entered = (tree: MenuTree): MenuPlace => placeAt(tree, [tree.first], 'ro')

export function pressed(place: MenuPlace, key: MenuKey): MenuNext {
  const { tree, path, language } = place
  const target = menuAt(place).keys[key]
  if (target === undefined) return repeated(place, true)
  if ('queue' in target || 'voicemail' in target) return target
  if ('menu' in target) return placeAt(tree, [...path, target.menu], language)
  if ('language' in target) return placeAt(tree, path, target.language)
  // There is no menu before the first one: it is heard again.
  if ('back' in target && path.length > 1) return placeAt(tree, path.slice(0, -1), language)
  return { ...place, isWrongKey: false }
}

/** After a wrong key, or the time for a key. */
export function repeated(place: MenuPlace, isWrongKey: boolean): MenuNext {
  return place.repeatsLeft === 0 ? null : { ...place, repeatsLeft: place.repeatsLeft - 1, isWrongKey }
}

/** In Romanian where the menu has no text in the caller's language. */
export const soundAt = (place: MenuPlace): string => {
  const { sounds } = menuAt(place)
  return sounds[place.language] ?? sounds.ro
}

/**
 * With the sounds that are there: what is missing in another language is heard in Romanian, until it is made. Null: a Romanian one is
 * missing.
 */
export function heardTree({ first, menus }: MenuTree, hasSound: (sound: string) => boolean): MenuTree | null {
  const heard: Record<string, Menu> = {}
  for (const [id, menu] of Object.entries(menus)) {
    const keys = Object.entries(menu.keys).map(
      ([key, target]) => [key, heardTarget(target, hasSound)] as const,
    )
    if (!hasSound(menu.sounds.ro) || keys.some(([, target]) => target === null)) return null
    const sounds = Object.entries(menu.sounds).filter(([, sound]) => hasSound(sound))
    heard[id] = {
      ...menu,
      sounds: { ...Object.fromEntries(sounds), ro: menu.sounds.ro },
      keys: Object.fromEntries(keys) as Menu['keys'],
    }
  }
  return { first, menus: heard }
}

function heardTarget(target: MenuTarget, hasSound: (sound: string) => boolean): MenuTarget | null {
  if (!('voicemail' in target)) return target
  const { ro, en } = target.sounds
  if (!hasSound(ro)) return null
  return hasSound(en) ? target : { ...target, sounds: { ro, en: ro } }
}

function placeAt(tree: MenuTree, path: readonly string[], language: Language): MenuPlace {
  const place = { tree, path, language, repeatsLeft: 0, isWrongKey: false }
  return { ...place, repeatsLeft: menuAt(place).repeats }
}

function menuAt({ tree, path }: MenuPlace): Menu {
  const menu = tree.menus[path.at(-1) ?? '']
  invariant(menu !== undefined, 'a key leads to a menu that the call does not have')
  return menu
}

/** For people who look at the files. */
export const soundKinds = ['menu', 'number', 'waiting', 'notice', 'survey'] as const
export type SoundKind = (typeof soundKinds)[number]

/** A text that callers may hear. */
export interface SpokenText {
  /** Its name (`soundOf`). */
  readonly sound: string
  readonly language: Language
  readonly text: string
}

/** The sound of a text: another text is another sound, so that a caller never hears a new menu with old words. */
export function soundOf(language: Language, text: string, of: SoundKind = 'menu'): string {
  // FNV-1a of 64 bits: the screens, which use this file, have no digest without a promise.
  let hash = 0xcbf29ce484222325n
  for (const character of text)
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n)
  return `${of}-${language}-${hash.toString(16).padStart(16, '0')}`
}
