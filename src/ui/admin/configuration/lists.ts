/** The lists of a configuration, in the order in which people read them. */
export const lists = ['numbers', 'queues', 'hours', 'menus', 'codes', 'pauses'] as const
export type List = (typeof lists)[number]

/** Those whose items have an id, by which others lead to them. */
export type Named = Exclude<List, 'numbers'>

/** Tabs without a list. */
const others = ['outbound', 'try', 'history', 'prompts', 'days', 'contacts'] as const
/** Those of administrators alone. */
export const ofAdministrators: readonly Tab[] = ['prompts', 'contacts']

export type Tab = List | (typeof others)[number]

/** The tab that the address names; the first one when it names none. */
export function tabIn(search: string): Tab {
  const named = new URLSearchParams(search).get('tab')
  return [...lists, ...others].find((tab) => tab === named) ?? 'numbers'
}
export const addressOf = (tab: Tab): string => `/configuration?tab=${tab}`
