/** A menu with all to which its keys lead, as the diagram shows it. */
import { menuKeys, type MenuKey } from '../../../../core/configuration/menu.ts'
import type { KeyTarget, MenuSetting } from '../../../../core/configuration/schema.ts'

export interface MenuBranch {
  readonly menu: MenuSetting
  /** Among the menus of the document. */
  readonly index: number
  readonly keys: readonly MenuTwig[]
}

export interface MenuTwig {
  readonly key: MenuKey
  readonly target: KeyTarget
  /** The menu to which it leads; `shown`: one that is in the diagram already. Null: it leads to none that exists. */
  readonly further: MenuBranch | 'shown' | null
}

/** Each menu once, so that one to which several keys lead, and a loop, has an end. */
export function menuTree(menus: readonly MenuSetting[], index: number): MenuBranch | null {
  const shown = new Set<number>()
  const branchOf = (at: number): MenuBranch | null => {
    const menu = menus[at]
    if (menu === undefined) return null
    shown.add(at)
    const keys = menuKeys.flatMap((key): MenuTwig[] => {
      const target = menu.keys[key]
      if (target === undefined) return []
      if (!('menu' in target)) return [{ key, target, further: null }]
      const next = menus.findIndex(({ id }) => id === target.menu)
      return [{ key, target, further: shown.has(next) ? 'shown' : branchOf(next) }]
    })
    return { menu, index: at, keys }
  }
  return branchOf(index)
}
