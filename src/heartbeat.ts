/**
 * Tells the supervisor that the event loop of this process turns. The channel of `child_process` is this process's alone:
 * no request from outside can fill it, as a flood fills a listener.
 */

/** The supervisor calls a part dead after some seconds without one (`stack/services/liveness.ts`). */
const everyMs = 500

/** Without a supervisor (a process started by hand) it does nothing. */
export function beat(): void {
  send()
  setInterval(send, everyMs).unref()
}

function send(): void {
  // Between the supervisor's end and this process's there is nobody to tell, and a failure says nothing.
  if (process.connected) process.send?.('beat', undefined, undefined, () => undefined)
}
