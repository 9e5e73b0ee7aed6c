import { access } from './access.ts'
import { admin } from './admin.ts'
import { agreement } from './agreement.ts'
import { blockedCallers } from './callers/blocked-callers.ts'
import { callerNotices } from './callers/caller-notices.ts'
import { board } from './board.ts'
import { calls } from './calls.ts'
import { common } from './common.ts'
import { configuration } from './configuration.ts'
import { connections } from './systems/connections.ts'
import { contacts } from './line/contacts.ts'
import { declaredDays } from './line/declared-days.ts'
import { desk } from './desk.ts'
import { documents } from './documents.ts'
import { identity } from './identity.ts'
import { journal } from './journal.ts'
import { keys } from './keys.ts'
import { myAccount } from './my-account.ts'
import { outboundRules } from './line/outbound-rules.ts'
import { papers } from './papers.ts'
import { peopleImport } from './line/people-import.ts'
import { phone } from './phone.ts'
import { prompts } from './prompts.ts'
import { requests } from './requests.ts'
import { signIn } from './sign-in.ts'
import { skills } from './skills.ts'
import { supervision } from './supervision.ts'
import { taxes } from './taxes.ts'
import { tracking } from './tracking.ts'
import { webhooks } from './systems/webhooks.ts'
import { work } from './work.ts'

export const ro = {
  access,
  admin,
  agreement,
  blockedCallers,
  callerNotices,
  board,
  calls,
  common,
  configuration,
  connections,
  contacts,
  declaredDays,
  desk,
  documents,
  identity,
  journal,
  keys,
  myAccount,
  outboundRules,
  papers,
  peopleImport,
  phone,
  prompts,
  requests,
  signIn,
  skills,
  supervision,
  taxes,
  tracking,
  webhooks,
  work,
}
