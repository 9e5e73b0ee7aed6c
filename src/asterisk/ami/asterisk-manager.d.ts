/** The parts of asterisk-manager 0.2.0 that are used; it ships no types. */
declare module 'asterisk-manager' {
  import type { EventEmitter } from 'node:events'

  export type AmiMessage = Record<string, unknown>

  interface Manager extends EventEmitter {
    connect(port: number, host: string, callback: () => void): void
    login(callback: (error?: unknown) => void): void
    action(action: Record<string, unknown>, callback: (error: unknown, answer?: AmiMessage) => void): string
    disconnect(callback?: () => void): void
    options: { port: number; host: string; username: string; password: string; events: boolean }
  }
  /** With `port` null it does not connect at once. */
  export default function manager(
    port: number | null,
    host: string,
    username: string,
    password: string,
    events: boolean,
  ): Manager
  export type { Manager }
}
