/** An account as the wire has it. */
import type { IssuedCode } from '../../people/activations.ts'
import type { ListedAccount } from '../../people/account-list.ts'
import { proposalDays, type Proposal } from '../../people/account-proposals.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import type { AccountItem, ActivationCode, Proposal as ProposalItem } from './wire.ts'

export function accountView(account: ListedAccount): AccountItem {
  const { id, username, name, employer, roles, closedAt, signedAt, passwordAt, activation, proposal } =
    account
  const { resetRule } = account
  return {
    id,
    username,
    name,
    employer,
    roles,
    closedAt: isoOrNull(closedAt),
    signedAt: isoOrNull(signedAt),
    passwordAt: isoOrNull(passwordAt),
    activation:
      activation === null
        ? null
        : {
            issuedAt: iso(activation.issuedAt),
            expiresAt: iso(activation.expiresAt),
            expired: activation.expired,
            by: activation.by,
            openedAt: isoOrNull(activation.openedAt),
            usedAt: isoOrNull(activation.usedAt),
          },
    proposal: proposal === null ? null : proposalView(proposal),
    resetRule,
  }
}

export function proposalView({ id, roles, isReset, by, at }: Proposal): ProposalItem {
  return {
    id,
    roles,
    reset: isReset,
    by: { id: by.id, name: by.name },
    at: iso(at),
    expiresAt: iso(at + proposalDays * 86_400_000),
  }
}

export function codeView({ code, half, expiresAt }: IssuedCode): ActivationCode {
  return { code, half, expiresAt: isoOrNull(expiresAt) }
}
