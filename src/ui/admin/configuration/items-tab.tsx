import { Button } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { codesInOrder, codesTo } from '../../../core/configuration/codes.ts'
import { menuKeys } from '../../../core/configuration/menu.ts'
import type { AnswerAt, Configuration } from '../../../core/configuration/schema.ts'
import { nameIn, weekWords } from './change-words.ts'
import { CodeForm } from './codes/code-form.tsx'
import { codeAbove } from './codes/code-tree.ts'
import {
  idOf,
  idsIn,
  openedAlways,
  raised,
  replaced,
  withId,
  withNew,
  withoutItem,
  type TypedWeeks,
} from './draft.ts'
import type { Faults } from './faults.ts'
import { HoursForm } from './hours-form.tsx'
import type { List, Named } from './lists.ts'
import { reservedPauseReasons } from '../../../core/agent.ts'
import { PauseForm } from './pauses/pause-form.tsx'
import { firstPauses } from './pauses/pause-list.ts'
import { MenuDiagram } from './menus/menu-diagram.tsx'
import { MenuForm } from './menus/menu-form.tsx'
import { NumberForm } from './number-form.tsx'
import { MenusNeverHeard } from './reading/menus-never-heard.tsx'
import { ItemWords } from './reading/item-words.tsx'
import { QueueForm } from './queues/queue-form.tsx'
import styles from './configuration.module.css'

interface ItemsTabProps {
  readonly list: List
  readonly document: Configuration
  readonly inForce: Configuration
  /** The setting of the server, for numbers without their own. */
  readonly serverAnswer: AnswerAt
  readonly chosen: number
  readonly choose: (index: number) => void
  readonly faults: Faults
  readonly weeks: RefObject<TypedWeeks>
  /** Null: it is only read. */
  readonly change: ((document: Configuration) => void) | null
}

/** The items left, one of them right. */
export function ItemsTab(props: ItemsTabProps) {
  const { t } = useTranslation()
  const { list, document, chosen, choose, faults, change } = props
  const rows = rowsOf(list, document, t)
  const shown = Math.min(chosen, rows.length - 1)
  const addButton = useRef<HTMLButtonElement>(null)
  // The first field of a new item has the focus.
  const [added, setAdded] = useState<number | null>(null)
  const add = (): void => {
    setAdded(rows.length)
    choose(rows.length)
    change?.(withNew(list, document))
  }
  const form = useRef<HTMLElement>(null)
  const isRaised = useRef(false)
  // With every painting: the form is there at the new place once the list has changed.
  useEffect(() => {
    if (isRaised.current) form.current?.querySelector<HTMLElement>('[data-action=raise]')?.focus()
    isRaised.current = false
  })
  const raise = (to: number, raisedTo: Configuration): void => {
    isRaised.current = true
    choose(to)
    change?.(raisedTo)
  }
  return (
    <div className={styles['halves']}>
      <div className={styles['list']}>
        <p className={styles['lead']}>{t(`configuration.lead.${list}`)}</p>
        {rows.length > 0 && (
          <table className={styles['table']}>
            <thead>
              <tr>
                {headsOf[list].map((head) => (
                  <th key={head} scope="col">
                    {t(`configuration.${head}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {orderOf(list, document).map(([index, level]) => {
                const [name = '', ...cells] = rows[index] ?? []
                return (
                  <tr key={index} data-chosen={index === shown} data-item={name}>
                    <td data-level={level}>
                      <button type="button" aria-pressed={index === shown} onClick={() => choose(index)}>
                        {name}
                      </button>
                      {faults.in(`${list}[${index}]`) && (
                        <span className={styles['mark']}>{t('configuration.toMend')}</span>
                      )}
                    </td>
                    {cells.map((cell, column) => (
                      <td key={column}>{cell}</td>
                    ))}
                  </tr>
                )
              })}
            </tbody>
          </table>
        )}
        {change !== null && (
          <div className={styles['adds']}>
            <Button ref={addButton} variant="light" onClick={add} data-action="add">
              {t(`configuration.add.${list}`)}
            </Button>
            {list === 'pauses' && rows.length === 0 && (
              <Button
                variant="light"
                onClick={() => change({ ...document, pauses: [...firstPauses] })}
                data-action="usual"
              >
                {t('configuration.pauses.fromUsual')}
              </Button>
            )}
          </div>
        )}
        {list === 'menus' && <MenuDiagram document={document} index={shown} open={choose} />}
      </div>
      <aside ref={form} className={styles['one']} aria-label={t('configuration.chosen')}>
        {shown >= 0 && change === null && <ItemWords list={list} document={document} index={shown} />}
        {list === 'numbers' && change === null && (
          <MenusNeverHeard
            document={document}
            numbers={document.numbers.slice(shown, shown + 1)}
            answer={props.serverAnswer}
          />
        )}
        {shown >= 0 && change !== null && (
          <ItemForm
            key={`${list} ${shown}`}
            {...props}
            change={change}
            index={shown}
            isNew={shown === added}
            removed={() => addButton.current?.focus()}
            raise={raise}
          />
        )}
      </aside>
    </div>
  )
}

const headsOf = {
  numbers: ['fields.number', 'fields.name', 'fields.queue', 'fields.hours'],
  queues: ['fields.name', 'fields.skill', 'fields.levelMin', 'fields.priority', 'ageingHead'],
  hours: ['fields.name', 'fields.weekly', 'exceptions'],
  menus: ['fields.name', 'menu.heardBy', 'menu.keys'],
  codes: ['fields.name', 'fields.queues'],
  pauses: ['fields.name', 'fields.expectedMinutes'],
} as const

/** The places of the items in the document, in the order in which they are shown, each with its level in a tree. */
function orderOf(list: List, document: Configuration): readonly (readonly [index: number, level: number])[] {
  const { codes = [] } = document
  if (list !== 'codes') return (document[list] ?? []).map((_, index) => [index, 1] as const)
  return codesInOrder(codes).map((code) => [codes.indexOf(code), codesTo(codes, code.id).length] as const)
}

function rowsOf(list: List, document: Configuration, t: TFunction): readonly (readonly string[])[] {
  const { numbers, queues, hours, menus = [], codes = [], pauses = [] } = document
  const named = (name: string): string => (name.trim() === '' ? t('configuration.nameless') : name)
  switch (list) {
    case 'numbers':
      return numbers.map((one) => [
        one.number === '' ? t('configuration.numberless') : one.number,
        one.name,
        nameIn(document, 'queues', one.queue, t),
        one.hours === undefined ? t('configuration.usualHours') : nameIn(document, 'hours', one.hours, t),
      ])
    case 'queues':
      return queues.map(({ name, skill, levelMin, priority, ageingSeconds }) => [
        named(name),
        skill,
        String(levelMin),
        String(priority),
        ageingSeconds === undefined ? '–' : t('configuration.ageingCell', { seconds: ageingSeconds }),
      ])
    case 'hours':
      return hours.map(({ name, weekly, dates }) => [
        named(name),
        weekWords(weekly, t),
        dates.length === 0 ? '–' : String(dates.length),
      ])
    case 'menus':
      return menus.map(({ id, name, keys }) => {
        const heardBy = numbers.filter(({ menu }) => menu === id).map(({ number }) => number)
        const pressed = menuKeys.filter((key) => keys[key] !== undefined)
        return [named(name), heardBy.join(', ') || '–', pressed.join(' ') || '–']
      })
    case 'codes':
      return codes.map(({ name, queues: own }) => [
        named(name),
        own?.map((queue) => nameIn(document, 'queues', queue, t)).join(', ') ??
          t('configuration.codes.everyQueue'),
      ])
    case 'pauses':
      return pauses.map(({ name, expectedMinutes: minutes }) => [
        named(name),
        minutes === undefined ? '–' : t('configuration.pauses.minutes', { minutes }),
      ])
  }
}

interface ItemFormProps extends ItemsTabProps {
  readonly change: (document: Configuration) => void
  readonly index: number
  readonly isNew: boolean
  readonly removed: () => void
  /** To another place in the document. */
  readonly raise: (to: number, document: Configuration) => void
}

function ItemForm({
  list,
  document,
  inForce,
  serverAnswer,
  faults,
  weeks,
  change,
  choose,
  index,
  isNew,
  removed,
  raise,
}: ItemFormProps) {
  const at = `${list}[${index}]`
  const remove = (): void => {
    choose(Math.max(0, index - 1))
    change(withoutItem(list, document, index))
    removed()
  }
  if (list === 'numbers') {
    const number = document.numbers[index]
    if (number === undefined) return null
    const put = (changed: typeof number): void =>
      change({ ...document, numbers: replaced(document.numbers, index, changed) })
    return (
      <NumberForm
        number={number}
        document={document}
        serverAnswer={serverAnswer}
        at={at}
        faults={faults}
        isNew={isNew}
        change={put}
        remove={remove}
      />
    )
  }
  if (list === 'queues') {
    const queue = document.queues[index]
    if (queue === undefined) return null
    const put = (changed: typeof queue): void => {
      const next = { ...document, queues: replaced(document.queues, index, changed) }
      change(renamed(next, inForce, list, changed))
    }
    return (
      <QueueForm
        queue={queue}
        document={document}
        at={at}
        faults={faults}
        isNew={isNew}
        change={put}
        remove={remove}
      />
    )
  }
  if (list === 'menus') {
    const { menus = [] } = document
    const menu = menus[index]
    if (menu === undefined) return null
    return (
      <MenuForm
        menu={menu}
        document={document}
        serverAnswer={serverAnswer}
        at={at}
        faults={faults}
        isNew={isNew}
        change={(changed) =>
          change(renamed({ ...document, menus: replaced(menus, index, changed) }, inForce, list, changed))
        }
        changeNumbers={(numbers) => change({ ...document, numbers })}
        remove={remove}
      />
    )
  }
  if (list === 'codes') {
    const { codes = [] } = document
    const code = codes[index]
    if (code === undefined) return null
    const above = codeAbove(codes, index)
    return (
      <CodeForm
        code={code}
        document={document}
        at={at}
        faults={faults}
        isNew={isNew}
        change={(changed) =>
          change(renamed({ ...document, codes: replaced(codes, index, changed) }, inForce, list, changed))
        }
        isFirst={above < 0}
        raise={() => raise(above, { ...document, codes: raised(codes, index, above) })}
        remove={remove}
      />
    )
  }
  if (list === 'pauses') {
    const { pauses = [] } = document
    const pause = pauses[index]
    if (pause === undefined) return null
    return (
      <PauseForm
        pause={pause}
        at={at}
        faults={faults}
        isNew={isNew}
        isFirst={index === 0}
        change={(changed) =>
          change(renamed({ ...document, pauses: replaced(pauses, index, changed) }, inForce, list, changed))
        }
        raise={() => raise(index - 1, { ...document, pauses: raised(pauses, index) })}
        remove={remove}
      />
    )
  }
  const hours = document.hours[index]
  if (hours === undefined) return null
  const put = (changed: typeof hours): void => {
    const next = { ...document, hours: replaced(document.hours, index, changed) }
    const named = renamed(next, inForce, list, changed)
    const week = weeks.current.get(hours.id)
    if (week !== undefined) weeks.current.set(named.hours[index]?.id ?? hours.id, week)
    change(named)
  }
  return (
    <HoursForm
      hours={hours}
      document={document}
      at={at}
      faults={faults}
      isNew={isNew}
      change={put}
      changeNumbers={(numbers) => change({ ...document, numbers })}
      openAlways={(isOpen) => put(openedAlways(hours, isOpen, weeks.current, inForce))}
      remove={remove}
    />
  )
}

/** Of ids whose names have no letter. */
const stems = { queues: 'coada', hours: 'program', menus: 'meniu', codes: 'cod', pauses: 'pauza' } as const

/** The id of an item that is not published yet follows its name; a published one keeps it, because records name it. */
function renamed(
  document: Configuration,
  inForce: Configuration,
  list: Named,
  { id, name }: { readonly id: string; readonly name: string },
): Configuration {
  // States and reports name the usual reasons of pauses too, without any publication.
  const usual = list === 'pauses' ? firstPauses.map((pause) => pause.id) : []
  const published = [...idsIn(inForce, list), ...usual]
  if (published.includes(id)) return document
  const reserved = list === 'pauses' ? reservedPauseReasons : []
  const taken = [...published, ...reserved, ...idsIn(document, list).filter((one) => one !== id)]
  return withId(document, list, id, idOf(name, taken, stems[list]))
}
