/** The phone of an agent's page: its call goes on when the page's session ends. */

export interface CallInPage {
  readonly isUp: () => boolean
  readonly subscribe: (listener: () => void) => () => void
  readonly hangUp: () => void
}

let offered: CallInPage | null = null

export function offerCall(call: CallInPage): void {
  offered = call
}

export const callInPage = (): CallInPage | null => offered
export const callIsUp = (): boolean => offered?.isUp() === true
