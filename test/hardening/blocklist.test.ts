import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import {
  blockedFile,
  blockedMs,
  Blocklist,
  failuresMax,
  nobodyBlocked,
} from '../../src/asterisk/security/blocklist.ts'
import { SecurityLog } from '../../src/asterisk/security/security-log.ts'
import { trusts } from '../../src/asterisk/security/trusted.ts'

import { summaryOf } from '../../src/stack/commands/security.ts'

const minuteMs = 60_000
const scanner = '203.0.113.7'

/** The number of consecutive failures, one every `everyMs`, until the address is blocked; null: it is not. */
function blockedAfter(list: Blocklist, everyMs: number, address = scanner): number | null {
  for (let count = 1; count <= 500; count++) if (list.failed(address, count * everyMs)) return count
  return null
}

t.test('a fast guesser is blocked once, a phone with a wrong password never', async (t) => {
  t.equal(blockedAfter(new Blocklist(() => true), 10), failuresMax + 1)
  t.equal(blockedAfter(new Blocklist(() => true), 15_000), null)
  t.equal(blockedAfter(new Blocklist(() => false), 10), null, 'a trusted address is never blocked')
  t.equal(
    blockedAfter(new Blocklist(() => true), 10, 'many'),
    null,
    'text that is not an address is never blocked',
  )
  const list = new Blocklist(() => true)
  blockedAfter(list, 10)
  t.same(list.addresses, [scanner])
  t.equal(blockedAfter(list, 10), null, 'a blocked address is not blocked again')
})

t.test('a block ends by itself, however many requests come meanwhile', async (t) => {
  const list = new Blocklist(() => true)
  const since = (blockedAfter(list, 10) ?? 0) * 10
  for (let at = since; at < since + blockedMs; at += minuteMs) {
    list.failed(scanner, at)
    t.same(list.expire(at), [])
  }
  t.same(list.expire(since + blockedMs), [scanner])
  t.same(list.addresses, [])
  t.notOk(list.failed(scanner, since + blockedMs), 'afterwards the count starts again')
})

t.test('a scan from many addresses keeps the list within its limit', async (t) => {
  const list = new Blocklist(() => true)
  for (let host = 0; host < 20_000; host++)
    for (let tries = 0; tries <= failuresMax; tries++)
      list.failed(`10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`, 0)
  t.equal(list.addresses.length, 500)
})

t.test('the file contains addresses and nothing else', async (t) => {
  t.equal(blockedFile([]), nobodyBlocked)
  t.match(
    blockedFile([scanner, '2001:db8::1']),
    /endpoint = blocked\nmatch = 203\.0\.113\.7\nmatch = 2001:db8::1\n$/,
  )
})

t.test('this machine and the trunk’s provider are trusted', async (t) => {
  const trusted = trusts([
    '192.0.2.10',
    '198.51.100.0/24',
    'sip.provider.example',
    '10.0.0.0/99',
    '2001:db8::/32',
  ])
  for (const address of ['127.0.0.1', '::1', '192.0.2.10', '198.51.100.200', '2001:db8::5'])
    t.ok(trusted(address), address)
  for (const address of ['127.0.0.2', scanner, '10.1.2.3', 'sip.provider.example', 'many', ''])
    t.notOk(trusted(address), address)
})

t.test('only its owner can read the security log, and `linia security` summarises it', async (t) => {
  const path = join(t.testdir(), 'security.log')
  const log = new SecurityLog(path, pino({ level: 'silent' }))
  const at = Date.parse('2026-11-25T10:01:00Z')
  const refused = (address: string, kind: string, count: number) =>
    ({ what: 'refused', count: { address, kind, count, minute: at - minuteMs } }) as const
  log.write([{ what: 'blocked', address: scanner }], at)
  log.write([refused(scanner, 'InvalidAccountID', 5), refused('many', 'InvalidAccountID', 7)], at)
  log.write([refused(scanner, 'InvalidAccountID', 2), refused('1.2.3.4\nx', 'FailedACL', 1)], at)
  t.equal(statSync(path).mode & 0o777, 0o600)
  const text = readFileSync(path, 'utf8')
  t.match(text, /^2026-11-25T10:01:00\.000Z sip blocked 203\.0\.113\.7$/m)
  t.match(text, /sip refused 203\.0\.113\.7 InvalidAccountID 5 times in the minute 2026-11-25T10:00Z$/m)
  t.equal(text.split('\n').length, 6, 'one line each, whatever the text of an address')
  const summary = summaryOf(text, at + minuteMs)
  t.equal(summary.get(scanner)?.get('InvalidAccountID'), 7)
  t.equal(summary.get('several-addresses')?.get('FailedACL'), 1)
  t.equal(summaryOf(text, at + 3_700_000).size, 0, 'older lines are not counted')
})
