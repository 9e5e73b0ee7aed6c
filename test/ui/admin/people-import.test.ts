import t from 'tap'
import { codesCsv, faultWords, textOf } from '../../../src/ui/admin/people-import/people-file.ts'
import { textsIn } from '../texts.ts'

t.test('the file of codes is read by a spreadsheet as it is', async (t) => {
  const csv = codesCsv([
    { username: 'ana.pop', name: 'Ana "Ani" Pop', code: 'AAAA-BBBB', expiresAt: '2026-12-04T10:00:00.000Z' },
    { username: 'dan.lup', name: '=1+1', code: 'CCCC-DDDD', expiresAt: null },
  ])
  t.equal(
    csv,
    '\uFEFF"username","name","code","valid until"\r\n' +
      '"ana.pop","Ana ""Ani"" Pop","AAAA-BBBB","2026-12-04T10:00:00.000Z"\r\n' +
      `"dan.lup","'=1+1","CCCC-DDDD",""\r\n`,
  )
})

t.test('a file that is not UTF-8 is read as Windows writes Romanian', async (t) => {
  const bytes = (...of: number[]) => new Uint8Array(of).buffer
  t.equal(textOf(bytes(0xc4, 0x83)), 'ă')
  t.equal(textOf(bytes(0x50, 0xe3)), 'Pă')
})

t.test('a fault is said with its column', async (t) => {
  const ro = await textsIn('ro')
  const fault = {
    column: 'roles',
    code: 'unknown role',
    value: 'șef',
    accepted: ['agent', 'editor'],
  } as const
  t.equal(
    faultWords({ ...fault, accepted: [...fault.accepted] }, ro),
    'roluri: „șef” nu este un rol (agent, editor)',
  )
  const row = { column: null, code: 'too many cells', value: '', accepted: [] } as const
  t.equal(faultWords({ ...row, accepted: [] }, ro), 'are mai multe celule decât coloane')
})
