/** The parts of ari-client 2.2.0 that are used; it ships no types. */
declare module 'ari-client' {
  import type { EventEmitter } from 'node:events'

  type Operation = (options: Record<string, unknown>) => Promise<unknown>

  export interface AriSocket {
    removeAllListeners(event: string): void
    on(event: 'message' | 'pong', listener: (data: Buffer) => void): void
    on(event: 'close' | 'error', listener: () => void): void
    ping(data: string): void
    terminate(): void
  }
  export interface AriClient extends EventEmitter {
    /** Set once `start` has opened it. */
    readonly _ws: AriSocket
    start(application: string): Promise<void>
    readonly applications: { get: Operation; subscribe: Operation; filter: Operation }
    readonly asterisk: { setGlobalVar: Operation; ping: Operation; getInfo: Operation }
    readonly bridges: {
      list: Operation
      createWithId: Operation
      addChannel: Operation
      removeChannel: Operation
      destroy: Operation
    }
    readonly channels: {
      list: Operation
      get: Operation
      originateWithId: Operation
      answer: Operation
      progress: Operation
      hangup: Operation
      mute: Operation
      unmute: Operation
      startMoh: Operation
      stopMoh: Operation
      playWithId: Operation
    }
  }
  const library: { connect(url: string, user: string, password: string): Promise<AriClient> }
  export default library
}
