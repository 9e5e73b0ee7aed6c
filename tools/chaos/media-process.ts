/**
 * A separate program: RTP sender and receiver of every caller and every phone, which measures the gaps in received
 * audio. Controlled by `media-endpoints.ts` through messages.
 *
 * Each sent packet carries its sender and number; Asterisk forwards A-law unchanged. A gap is the delay of a packet
 * relative to the time when it was sent. Late sending and late reading are subtracted: the program reads its sockets
 * every millisecond, and after a late read it assumes the earliest possible arrival.
 *
 * Where Asterisk mixes several voices no mark survives. There each party has a tone of its own, and a gap is the time
 * between two packets with that tone. The tones are multiples of 50 Hz, which a packet of 20 ms tells apart.
 */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { amplitudeOf, tone } from '../../test/support/sip/audio.ts'
import type { Span } from '../../test/support/pace/pace-meter.ts'
import { decodeAlaw } from '../demo/calls/alaw.ts'
import type { Heard, MediaAnswer, MediaCommand } from './media-endpoints.ts'

const frameMs = 20
const headerBytes = 12
const frameBytes = 160
const alawPayload = 8
const mark = 0x4c39
/** Number of sent packets whose times a leg keeps: 20 s. */
const sentMax = 1024
/** Legs send in four groups, to spread the load. */
const turns = 4
const voice = tone(800)
/** A quarter of a tone's amplitude: the rest may be in the neighbouring packet. */
const audibleFrom = 0.1
/** Number of gaps reported per leg, the longest ones. */
const gapsMax = 20

interface Leg {
  readonly socket: Socket
  readonly port: number
  readonly packet: Buffer
  readonly turn: number
  voice: Buffer
  /** The tones to listen for in a mix of voices; empty: marked voices come in. */
  tones: Tone[]
  to: { readonly host: string; readonly port: number } | null
  /** Incremented with each conversation, so that late packets of the previous one are ignored. */
  talk: number
  sent: number
  readonly sentAt: Float64Array
  hears: Stream | null
  /** Last packet of music or an announcement, which carry no mark. */
  otherAt: number | null
  firstAt: number | null
  heard: Heard
}

interface Tone {
  readonly hertz: number
  lastAt: number
  gaps: Span[]
}

interface Stream {
  readonly from: Leg
  readonly talk: number
  last: number
  lastAt: number
}

const legs = new Map<number, Leg>()
const emptyMeasurement = (port: number, firstAt: number | null): Heard => ({
  port,
  firstAt,
  hears: null,
  packets: 0,
  lost: 0,
  gaps: [],
  silent: null,
  musicGapMs: 0,
  musicSilentMs: null,
  tones: [],
})

/** Times of the last read of the sockets and the one before. */
let readAt = performance.now()
let previousReadAt = readAt

async function open(host: string): Promise<number> {
  const socket = createSocket({ type: 'udp4', lookup: (name, _, found) => found(null, name, 4) })
  const listening = once(socket, 'listening')
  socket.bind(0, host)
  await listening
  const { port } = socket.address()
  // RTP uses even ports; and the port identifies the leg, so it must be unique across addresses.
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
    voice,
    tones: [],
    to: null,
    talk: 0,
    sent: 0,
    sentAt: new Float64Array(sentMax),
    hears: null,
    otherAt: null,
    firstAt: null,
    heard: emptyMeasurement(port, null),
  }
  legs.set(port, leg)
  socket.on('message', (message) => receive(leg, message))
  // ICMP errors of a closed remote port; the reason is in the signalling.
  socket.on('error', () => undefined)
  return port
}

function sendPacket(leg: Leg): void {
  if (leg.to === null) return
  leg.sent += 1
  const { packet, sent, voice } = leg
  packet.writeUInt16BE(sent & 0xffff, 2)
  packet.writeUInt32BE((sent * frameBytes) >>> 0, 4)
  const from = (sent * frameBytes) % voice.length
  voice.copy(packet, headerBytes, from, from + frameBytes)
  packet.writeUInt16BE(mark, headerBytes)
  packet.writeUInt16BE(leg.port, headerBytes + 2)
  packet.writeUInt16BE(leg.talk & 0xffff, headerBytes + 4)
  packet.writeUInt32BE(sent, headerBytes + 6)
  leg.sentAt[sent % sentMax] = performance.now()
  // Copied: the buffer is reused before the socket has sent it.
  leg.socket.send(Buffer.from(packet), leg.to.port, leg.to.host)
}

function receive(leg: Leg, message: Buffer): void {
  leg.firstAt ??= Date.now()
  if (message.length < headerBytes + 10 || ((message[1] ?? 0) & 0x7f) !== alawPayload) return
  if (leg.tones.length > 0) return receiveMix(leg, message.subarray(headerBytes))
  if (message.readUInt16BE(headerBytes) !== mark) return receiveMusic(leg)
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
  const gapMs = Math.min(at, previousReadAt) - hears.lastAt - apart + missing * frameMs
  heard.lost += missing
  keepGap(heard.gaps, { from: at - gapMs, to: at })
  hears.last = number
  hears.lastAt = at
}

const msOf = ({ from, to }: Span): number => to - from

/** Converts to the wall clock. */
function byWall({ from, to }: Span): Span {
  const ago = performance.now() - Date.now()
  return { from: from - ago, to: to - ago }
}

/** Keeps several gaps: the parent subtracts slow stretches and only then picks the longest. */
function keepGap(gaps: Span[], gap: Span): void {
  gaps.push(byWall(gap))
  if (gaps.length <= gapsMax) return
  const shortest = gaps.reduce((one, other) => (msOf(other) < msOf(one) ? other : one))
  gaps.splice(gaps.indexOf(shortest), 1)
}

function receiveMusic(leg: Leg): void {
  if (leg.hears !== null) return
  const { heard, otherAt } = leg
  if (otherAt !== null) heard.musicGapMs = Math.max(heard.musicGapMs, previousReadAt - otherAt - frameMs)
  leg.otherAt = performance.now()
}

function receiveMix({ tones }: Leg, alaw: Buffer): void {
  const samples = decodeAlaw(alaw)
  const at = Math.min(performance.now(), previousReadAt)
  for (const tone of tones) {
    if (amplitudeOf(tone.hertz, samples) < audibleFrom) continue
    keepGap(tone.gaps, { from: tone.lastAt + frameMs, to: at })
    tone.lastAt = at
  }
}

function silenceOf(lastAt: number): Span | null {
  return previousReadAt > lastAt + frameMs ? byWall({ from: lastAt + frameMs, to: previousReadAt }) : null
}

function measurementOf(leg: Leg): Heard {
  const { heard, hears, otherAt } = leg
  const speaks = hears !== null && hears.from.to !== null && hears.talk === hears.from.talk
  return {
    ...heard,
    firstAt: leg.firstAt,
    hears: hears?.from.port ?? null,
    silent: speaks ? silenceOf(hears.lastAt) : null,
    musicSilentMs: otherAt === null ? null : Math.max(0, previousReadAt - otherAt - frameMs),
    tones: leg.tones.map(({ hertz, lastAt, gaps }) => ({ hertz, gaps, silent: silenceOf(lastAt) })),
  }
}

function stopSending(leg: Leg): void {
  leg.to = null
  leg.hears = null
  leg.otherAt = null
  leg.talk += 1
}

async function handle(command: MediaCommand): Promise<void> {
  const leg = 'port' in command ? legs.get(command.port) : undefined
  switch (command.do) {
    case 'open':
      return answer({ id: command.id, port: await open(command.host) })
    case 'send':
      if (leg === undefined) return
      if (leg.to === null) leg.sent = 0
      leg.to = command.to
      return
    case 'stop':
      if (leg !== undefined) stopSending(leg)
      return
    case 'tones':
      if (leg === undefined) return
      leg.voice = command.speaks === null ? voice : tone(command.speaks)
      leg.tones = command.hears.map((hertz) => ({ hertz, lastAt: performance.now(), gaps: [] }))
      return
    case 'close':
      if (leg === undefined) return
      stopSending(leg)
      leg.socket.close()
      legs.delete(leg.port)
      return
    case 'measure':
      for (const each of legs.values()) {
        each.heard = emptyMeasurement(each.port, each.firstAt)
        for (const tone of each.tones) tone.gaps = []
      }
      return answer({ id: command.id })
    case 'report':
      return answer({ id: command.id, heard: [...legs.values()].map(measurementOf) })
  }
}

function answer(message: MediaAnswer): void {
  process.send?.(message)
}

let turn = 0
let nextAt = performance.now()
function tick(): void {
  previousReadAt = readAt
  readAt = performance.now()
  // After a long stall the missed packets are not sent.
  if (readAt - nextAt > 5 * frameMs) nextAt = readAt
  while (nextAt <= readAt) {
    for (const leg of legs.values()) if (leg.turn === turn) sendPacket(leg)
    turn = (turn + 1) % turns
    nextAt += frameMs / turns
  }
  setTimeout(tick, 1)
}

process.on('message', (command: MediaCommand) => void handle(command))
process.on('disconnect', () => process.exit())
tick()
