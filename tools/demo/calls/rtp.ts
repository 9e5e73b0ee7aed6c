/**
 * One end of an RTP stream: sends audio in a loop as 20 ms A-law packets and keeps received packets. One timer serves
 * all streams of the process, so a hundred streams use a few per cent of a core.
 */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { frameBytes, silence } from './alaw.ts'

const frameMs = 20
const headerBytes = 12
const alawPayload = 8
/** RFC 4733, as the citizens' SDP (`citizen.xml`) has it. */
const eventPayload = 101
const eventKeys = '0123456789*#ABCD'
/** A key is held for 100 ms; its end is sent three times (RFC 4733, 2.5.1.4), and a rest follows. */
const keyFrames = 5
const keyEndFrames = 3
const restFrames = 5
/** After a stall at most this many frames are sent late; older ones are skipped. */
const catchUpFrames = 5

export interface Heard {
  /** Arrival, in milliseconds of `performance.now()`. */
  readonly at: number
  readonly alaw: Buffer
}

export interface RtpEnd {
  readonly port: number
  /** RTP packets received so far. */
  packets(): number
  /** Arrival of the first packet (`performance.now()`), or null. */
  firstPacketAt(): number | null
  /** Packets received in the last `keepMs`, oldest first. */
  heard(): readonly Heard[]
  /** The keys received as telephone events, in order. */
  keys(): string
  /** Starts sending or changes the audio; null: silence. */
  play(to: { readonly host: string; readonly port: number }, sound: Buffer | null): void
  /** Changes the audio of a stream that plays. */
  say(sound: Buffer | null): void
  /** Presses these keys, one after the other: telephone events in place of the audio. */
  press(keys: string): void
  /** Stops sending. */
  stop(): void
  close(): void
}

const tickers = new Set<() => void>()
let running: NodeJS.Timeout | null = null

function startTicker(tick: () => void): void {
  tickers.add(tick)
  if (running !== null) return
  let next = performance.now() + frameMs
  const loop = (): void => {
    const now = performance.now()
    if (now - next > catchUpFrames * frameMs) next = now
    while (next <= now) {
      for (const each of tickers) each()
      next += frameMs
    }
    running = tickers.size === 0 ? null : setTimeout(loop, Math.max(1, next - performance.now()))
  }
  running = setTimeout(loop, frameMs)
}

/** RTP ports are even; the next one is RTCP's, which is not opened. */
async function bindEven(host: string): Promise<Socket> {
  for (;;) {
    // Addresses are numeric: this avoids a resolver call per packet.
    const socket = createSocket({ type: 'udp4', lookup: (name, _, found) => found(null, name, 4) })
    // The lookup is synchronous, so the event comes before bind() returns.
    const listening = once(socket, 'listening')
    socket.bind(0, host)
    await listening
    if (socket.address().port % 2 === 0) return socket
    socket.close()
  }
}

export async function openRtp(host: string, keepMs = 0): Promise<RtpEnd> {
  const socket = await bindEven(host)
  const heard: Heard[] = []
  let packets = 0
  let keys = ''
  let lastEvent: number | null = null
  let firstPacketAt: number | null = null
  let open = true
  let target: { readonly host: string; readonly port: number } | null = null
  let sound: Buffer | null = null
  let offset = 0

  const packet = Buffer.alloc(headerBytes + frameBytes)
  let sequence = Math.floor(Math.random() * 0x8000)
  let timestamp = Math.floor(Math.random() * 0x8000_0000)
  packet[0] = 0x80
  packet[1] = alawPayload
  packet.writeUInt32BE(Math.floor(Math.random() * 0xffff_ffff), 8)

  const toPress: string[] = []
  let key: { readonly code: number; readonly timestamp: number; frames: number } | null = null

  /** The next packet of the key that is held; null: none is. */
  const keyPacket = (): Buffer | null => {
    const code = key === null && toPress.length > 0 ? eventKeys.indexOf(toPress.shift() ?? '') : -1
    if (code >= 0) key = { code, timestamp, frames: 0 }
    if (key === null) return null
    key.frames += 1
    const held = Math.min(key.frames, keyFrames)
    const isOver = key.frames > keyFrames
    const event = Buffer.alloc(headerBytes + 4)
    packet.copy(event, 0, 0, headerBytes)
    event[1] = eventPayload | (key.frames === 1 ? 0x80 : 0)
    event.writeUInt16BE(sequence, 2)
    event.writeUInt32BE(key.timestamp, 4)
    event[headerBytes] = key.code
    event[headerBytes + 1] = (isOver ? 0x80 : 0) | 10
    event.writeUInt16BE(held * frameBytes, headerBytes + 2)
    if (key.frames > keyFrames + keyEndFrames) {
      if (key.frames === keyFrames + keyEndFrames + restFrames) key = null
      return null
    }
    return event
  }

  const tick = (): void => {
    if (target === null) return
    sequence = (sequence + 1) & 0xffff
    timestamp = (timestamp + frameBytes) >>> 0
    const event = keyPacket()
    if (event !== null) {
      socket.send(event, target.port, target.host)
      return
    }
    packet.writeUInt16BE(sequence, 2)
    packet.writeUInt32BE(timestamp, 4)
    if (sound === null || sound.length < frameBytes) {
      packet.fill(silence, headerBytes)
    } else {
      if (offset + frameBytes > sound.length) offset = 0
      sound.copy(packet, headerBytes, offset, offset + frameBytes)
      offset += frameBytes
    }
    // Copied: the buffer is reused before the socket has sent it.
    socket.send(Buffer.from(packet), target.port, target.host)
  }

  socket.on('message', (message) => {
    const payload = (message[1] ?? 0) & 0x7f
    if (message.length > headerBytes && payload === eventPayload) {
      // All packets of one event have its timestamp.
      const event = message.readUInt32BE(4)
      if (event !== lastEvent) keys += eventKeys[message[headerBytes] ?? 0] ?? '?'
      lastEvent = event
      return
    }
    // Ignores RTCP of a neighbouring port.
    if (message.length <= headerBytes || payload !== alawPayload) return
    packets += 1
    const at = performance.now()
    firstPacketAt ??= at
    if (keepMs === 0) return
    heard.push({ at, alaw: Buffer.from(message.subarray(headerBytes)) })
    while (heard.length > 0 && at - (heard[0]?.at ?? at) > keepMs) heard.shift()
  })
  // ICMP errors of a closed remote port; the reason is in the signalling.
  socket.on('error', () => undefined)

  const stop = (): void => {
    target = null
    tickers.delete(tick)
  }
  return {
    port: socket.address().port,
    packets: () => packets,
    firstPacketAt: () => firstPacketAt,
    heard: () => heard,
    keys: () => keys,
    play(to, next) {
      if (!open) return
      target = to
      if (next !== sound) offset = 0
      sound = next
      startTicker(tick)
    },
    say(next) {
      offset = 0
      sound = next
    },
    press(pressed) {
      for (const one of pressed) toPress.push(one)
    },
    stop,
    close() {
      stop()
      if (!open) return
      open = false
      socket.close()
    },
  }
}
