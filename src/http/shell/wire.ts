/** The addresses of the screens: the front answers any other with 404. */

/** `:id` stands for one part of the path. */
export const screenPaths = [
  '/',
  '/sign-in',
  '/urmarire',
  '/activate',
  '/desk',
  '/board',
  '/board/wall',
  '/identity',
  '/skills',
  '/blocked-callers',
  '/resets',
  '/requests',
  '/calls',
  '/calls/:id',
  '/papers',
  '/papers/:id',
  '/papers/:id/edit',
  '/papers/drafts/:id',
  '/documents',
  '/journal',
  '/accounts',
  '/employers',
  '/programs',
  '/programs/webhooks',
  '/configuration',
  '/connections',
  '/agreement',
  '/agreement/text',
  '/account',
  '/factors',
] as const

type Filled<Path> = Path extends `${infer Head}:id${infer Tail}` ? `${Head}${string}${Tail}` : Path

/** A path of the list. Comparing one with an address that is not in the list does not compile. */
export type ScreenPath = Filled<(typeof screenPaths)[number]>

/** Regular expression of all screens' paths, for JavaScript and for Caddy. */
export const screenPattern = `^(${screenPaths.map((path) => path.replaceAll(':id', '[^/]+')).join('|')})$`
