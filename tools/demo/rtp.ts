/**
 * One end of an audio stream: sends a sound over and over in 20 ms A-law packets and remembers what
 * arrives. One ticker serves every end of the process, so a hundred streams cost a few per cent of
 * a core.
 */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { frameBytes, silence } from './alaw.ts'

const frameMs = 20
const headerBytes = 12
const alawPayload = 8
/** After a stall the ticker makes up for at most this many frames; older ones are skipped. */
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
  /** When the first of them came (`performance.now()`), or null. */
  firstPacketAt(): number | null
  /** What was received in the last `keepMs`, oldest first. */
  heard(): readonly Heard[]
  /** Starts to send, or changes what is sent; null is silence, as a phone that is put down sends. */
  play(to: { readonly host: string; readonly port: number }, sound: Buffer | null): void
  /** Stops to send. */
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

/** RTP ports are even; the next one up is RTCP's, which we do not open. */
async function bindEven(host: string): Promise<Socket> {
  for (;;) {
    // Addresses are always numeric here: no resolver call for each packet.
    const socket = createSocket({ type: 'udp4', lookup: (name, _, found) => found(null, name, 4) })
    // The look-up answers at once, so the event comes before bind() returns.
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

  const tick = (): void => {
    if (target === null) return
    sequence = (sequence + 1) & 0xffff
    timestamp = (timestamp + frameBytes) >>> 0
    packet.writeUInt16BE(sequence, 2)
    packet.writeUInt32BE(timestamp, 4)
    if (sound === null || sound.length < frameBytes) {
      packet.fill(silence, headerBytes)
    } else {
      if (offset + frameBytes > sound.length) offset = 0
      sound.copy(packet, headerBytes, offset, offset + frameBytes)
      offset += frameBytes
    }
    // The packet is copied: it is filled anew before the socket has let go of it.
    socket.send(Buffer.from(packet), target.port, target.host)
  }

  socket.on('message', (message) => {
    // RTCP of a neighbouring port and telephone events are not sound.
    if (message.length <= headerBytes || ((message[1] ?? 0) & 0x7f) !== alawPayload) return
    packets += 1
    const at = performance.now()
    firstPacketAt ??= at
    if (keepMs === 0) return
    heard.push({ at, alaw: Buffer.from(message.subarray(headerBytes)) })
    while (heard.length > 0 && at - (heard[0]?.at ?? at) > keepMs) heard.shift()
  })
  // A port that nobody listens on any more answers with ICMP; the call's own signalling tells us why.
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
    play(to, next) {
      if (!open) return
      target = to
      if (next !== sound) offset = 0
      sound = next
      startTicker(tick)
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
