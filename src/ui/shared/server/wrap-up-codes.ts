/** The codes from which agents choose what a call was about. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { WrapUpCodes } from '../../../http/calls/wire.ts'
import { folded } from '../folded.ts'
import { api } from './api.ts'

export interface CodeOption {
  readonly value: string
  /** In the language of the screen. */
  readonly path: string
  /** Null: every one. */
  readonly queues: readonly string[] | null
}

/** In the order of the tree. Empty until they are read, and where the city has none. */
export function useWrapUpCodes(): readonly CodeOption[] {
  const { i18n } = useTranslation()
  const { data = [] } = useQuery({
    queryKey: ['wrap-up codes'],
    queryFn: async () => (await api<WrapUpCodes>('GET', '/wrap-up-codes')).items,
    staleTime: 600_000,
  })
  return data.map(({ id, path, pathEn, queues }) => ({
    value: id,
    path: i18n.language === 'ro' ? path : pathEn,
    queues,
  }))
}

interface Chosen {
  readonly id: string
  /** As it is on record; null: not known. */
  readonly name: string | null
}

/** Those of this queue, null: of any; and the chosen one, also where it has been removed or is of another queue. */
export function codeOptions(
  codes: readonly CodeOption[],
  queue: string | null,
  chosen: Chosen | null,
): readonly CodeOption[] {
  const fits = ({ value, queues }: CodeOption): boolean =>
    value === chosen?.id || queue === null || queues === null || queues.includes(queue)
  const gone = chosen === null || codes.some(({ value }) => value === chosen.id) ? null : chosen
  return [
    ...codes.filter(fits),
    ...(gone === null ? [] : [{ value: gone.id, path: gone.name ?? gone.id, queues: null }]),
  ]
}

const lastName = (path: string): string => path.split(' › ').at(-1) ?? path

/** The last name of each path, which fits into a field; the whole path where another one ends so too. */
export function shortNames(codes: readonly CodeOption[]): ReadonlyMap<string, string> {
  return new Map(
    codes.map(({ value, path }) => {
      const isAlone = codes.every((one) => one.value === value || lastName(one.path) !== lastName(path))
      return [value, isAlone ? lastName(path) : path]
    }),
  )
}

/** Whether each of the typed words is in the path, without diacritics and in any order. */
export function isFoundBy(typed: string, path: string): boolean {
  const text = folded(path)
  return folded(typed)
    .split(' ')
    .every((word) => text.includes(word))
}
