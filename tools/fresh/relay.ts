/**
 * `node relay.ts SOCKET PORT`, run in a machine's network namespace: forwards connections to a loopback port to the
 * mirror's Unix socket, which every network namespace can reach.
 */
import { connect, createServer } from 'node:net'
import { listen } from './listen.ts'

const [socket = '', port = ''] = process.argv.slice(2)
const server = createServer((client) => {
  const mirror = connect(socket)
  client.pipe(mirror)
  mirror.pipe(client)
  client.on('error', () => mirror.destroy())
  mirror.on('error', () => client.destroy())
})
await listen(server, Number(port))
process.stdout.write('listening\n')
