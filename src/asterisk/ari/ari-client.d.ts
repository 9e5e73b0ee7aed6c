/** The parts of ari-client 2.2.0 that are used; it ships no types. */
declare module 'ari-client' {
  type Operation = (options: Record<string, unknown>) => Promise<unknown>

  export interface AriClient {
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
