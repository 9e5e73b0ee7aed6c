/**
 * A program of its own: mouth and ear of every caller and of every phone, so that the gaps that anybody
 * hears are known. Ordered about by `ears.ts` through messages.
 *
 * Each packet that we send says whose it is and which one; Asterisk hands A-law on as it is. A gap is what
 * came later than it was sent: that we sent late ourselves, or read late what had come in time, is taken
 * off. The program looks at its sockets every millisecond and knows when it did not; what it reads then may
 * have come any time since, and counts as having come at the earliest.
 */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { tone } from '../../test/support/audio.ts'
import type { Span } from '../../test/support/pace-meter.ts'
import type { Answer, Heard, Order } from './media-endpoints.ts'

const frameMs = 20
const headerBytes = 12
const frameBytes = 160
const alawPayload = 8
const mark = 0x4c39
/** How many of its packets a leg remembers the times of: 20 s. */
const sentMax = 1024
/** Legs send in turns, so that not all of them do in the same moment. */
const turns = 4
const voice = tone(800)
/** Of each leg so many gaps are told, the longest ones. */
const gapsMax = 20

interface Leg {
  readonly socket: Socket
  readonly port: number
  readonly packet: Buffer
  readonly turn: number
  to: { readonly host: string; readonly port: number } | null
  /** Grows with each conversation: what is still on its way from the one before is no part of the next. */
  talk: number
  sent: number
  readonly sentAt: Float64Array
  hears: Stream | null
  /** Music and announcements, which carry no mark. */
  otherAt: number | null
  firstAt: number | null
  heard: Heard
}

interface Stream {
  readonly from: Leg
  readonly talk: number
  last: number
  lastAt: number
}

const legs = new Map<number, Leg>()
const nothingYet = (port: number, firstAt: number | null): Heard => ({
  port,
  firstAt,
  hears: null,
  packets: 0,
  lost: 0,
  gaps: [],
  silent: null,
  musicGapMs: 0,
  musicSilentMs: null,
})

/** When the sockets were looked at last, and the time before. */
let lookedAt = performance.now()
let lookedBefore = lookedAt

async function open(host: string): Promise<number> {
  const socket = createSocket({ type: 'udp4', lookup: (name, _, found) => found(null, name, 4) })
  const listening = once(socket, 'listening')
  socket.bind(0, host)
  await listening
  const { port } = socket.address()
  // Even ones are for sound; and a port is a leg's name, whatever its address.
  if (port % 2 === 1 || legs.has(port)) {
    socket.close()
    return open(host)
  }
  const packet = Buffer.alloc(headerBytes + frameBytes)
  packet[0] = 0x80
  packet[1] = alawPayload
  packet.writeUInt32BE(port, 8)
  const leg: Leg = {
    socket,
    port,
    packet,
    turn: legs.size % turns,
    to: null,
    talk: 0,
    sent: 0,
    sentAt: new Float64Array(sentMax),
    hears: null,
    otherAt: null,
    firstAt: null,
    heard: nothingYet(port, null),
  }
  legs.set(port, leg)
  socket.on('message', (message) => hear(leg, message))
  // A port that nobody listens on any more answers with ICMP; signalling tells why.
  socket.on('error', () => undefined)
  return port
}

function speak(leg: Leg): void {
  if (leg.to === null) return
  leg.sent += 1
  const { packet, sent } = leg
  packet.writeUInt16BE(sent & 0xffff, 2)
  packet.writeUInt32BE((sent * frameBytes) >>> 0, 4)
  const from = (sent * frameBytes) % voice.length
  voice.copy(packet, headerBytes, from, from + frameBytes)
  packet.writeUInt16BE(mark, headerBytes)
  packet.writeUInt16BE(leg.port, headerBytes + 2)
  packet.writeUInt16BE(leg.talk & 0xffff, headerBytes + 4)
  packet.writeUInt32BE(sent, headerBytes + 6)
  leg.sentAt[sent % sentMax] = performance.now()
  // Copied: it is filled anew before the socket has let go of it.
  leg.socket.send(Buffer.from(packet), leg.to.port, leg.to.host)
}

function hear(leg: Leg, message: Buffer): void {
  leg.firstAt ??= Date.now()
  if (message.length < headerBytes + 10 || ((message[1] ?? 0) & 0x7f) !== alawPayload) return
  if (message.readUInt16BE(headerBytes) !== mark) return hearOther(leg)
  const from = legs.get(message.readUInt16BE(headerBytes + 2))
  const talk = message.readUInt16BE(headerBytes + 4)
  if (from === undefined || from.to === null || (from.talk & 0xffff) !== talk) return
  leg.otherAt = null
  const number = message.readUInt32BE(headerBytes + 6)
  const at = performance.now()
  const { heard, hears } = leg
  heard.packets += 1
  if (hears === null || hears.from !== from || hears.talk !== from.talk) {
    leg.hears = { from, talk: from.talk, last: number, lastAt: at }
    return
  }
  if (number <= hears.last) return
  const missing = number - hears.last - 1
  const apart = (from.sentAt[number % sentMax] ?? 0) - (from.sentAt[hears.last % sentMax] ?? 0)
  const gapMs = Math.min(at, lookedBefore) - hears.lastAt - apart + missing * frameMs
  heard.lost += missing
  keepGap(heard, { from: at - gapMs, to: at })
  hears.last = number
  hears.lastAt = at
}

const msOf = ({ from, to }: Span): number => to - from

/** By the wall clock as it is now. */
function byWall({ from, to }: Span): Span {
  const ago = performance.now() - Date.now()
  return { from: from - ago, to: to - ago }
}

/** Which of them is the longest that the machine had no part in is not known here. */
function keepGap({ gaps }: Heard, gap: Span): void {
  gaps.push(byWall(gap))
  if (gaps.length <= gapsMax) return
  const shortest = gaps.reduce((one, other) => (msOf(other) < msOf(one) ? other : one))
  gaps.splice(gaps.indexOf(shortest), 1)
}

function hearOther(leg: Leg): void {
  if (leg.hears !== null) return
  const { heard, otherAt } = leg
  if (otherAt !== null) heard.musicGapMs = Math.max(heard.musicGapMs, lookedBefore - otherAt - frameMs)
  leg.otherAt = performance.now()
}

function heardBy(leg: Leg): Heard {
  const { heard, hears, otherAt } = leg
  const speaks = hears !== null && hears.from.to !== null && hears.talk === hears.from.talk
  const isSilent = speaks && lookedBefore > hears.lastAt + frameMs
  return {
    ...heard,
    firstAt: leg.firstAt,
    hears: hears?.from.port ?? null,
    silent: isSilent ? byWall({ from: hears.lastAt + frameMs, to: lookedBefore }) : null,
    musicSilentMs: otherAt === null ? null : Math.max(0, lookedBefore - otherAt - frameMs),
  }
}

function rest(leg: Leg): void {
  leg.to = null
  leg.hears = null
  leg.otherAt = null
  leg.talk += 1
}

async function obey(order: Order): Promise<void> {
  const leg = 'port' in order ? legs.get(order.port) : undefined
  switch (order.do) {
    case 'open':
      return answer({ id: order.id, port: await open(order.host) })
    case 'speak':
      if (leg === undefined) return
      if (leg.to === null) leg.sent = 0
      leg.to = order.to
      return
    case 'rest':
      if (leg !== undefined) rest(leg)
      return
    case 'close':
      if (leg === undefined) return
      rest(leg)
      leg.socket.close()
      legs.delete(leg.port)
      return
    case 'begin':
      for (const each of legs.values()) each.heard = nothingYet(each.port, each.firstAt)
      return answer({ id: order.id })
    case 'tell':
      return answer({ id: order.id, heard: [...legs.values()].map(heardBy) })
  }
}

function answer(words: Answer): void {
  process.send?.(words)
}

let turn = 0
let nextAt = performance.now()
function look(): void {
  lookedBefore = lookedAt
  lookedAt = performance.now()
  // After a long stall nobody makes up for what was not said.
  if (lookedAt - nextAt > 5 * frameMs) nextAt = lookedAt
  while (nextAt <= lookedAt) {
    for (const leg of legs.values()) if (leg.turn === turn) speak(leg)
    turn = (turn + 1) % turns
    nextAt += frameMs / turns
  }
  setTimeout(look, 1)
}

process.on('message', (order: Order) => void obey(order))
process.on('disconnect', () => process.exit())
look()
