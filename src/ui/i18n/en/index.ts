import { access } from './access.ts'
import { admin } from './admin.ts'
import { agreement } from './agreement.ts'
import { board } from './board.ts'
import { calls } from './calls.ts'
import { common } from './common.ts'
import { desk } from './desk.ts'
import { documents } from './documents.ts'
import { identity } from './identity.ts'
import { journal } from './journal.ts'
import { keys } from './keys.ts'
import { myAccount } from './my-account.ts'
import { papers } from './papers.ts'
import { phone } from './phone.ts'
import { requests } from './requests.ts'
import { signIn } from './sign-in.ts'
import { supervision } from './supervision.ts'
import { taxes } from './taxes.ts'
import { tracking } from './tracking.ts'
import { work } from './work.ts'

export const en = {
  access,
  admin,
  agreement,
  board,
  calls,
  common,
  desk,
  documents,
  identity,
  journal,
  keys,
  myAccount,
  papers,
  phone,
  requests,
  signIn,
  supervision,
  taxes,
  tracking,
  work,
}
