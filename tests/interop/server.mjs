// A tus server of @tus/server that keeps files in the folder of the one argument, on a free loopback port. Says in one
// line of JSON where it listens, and ends when its standard input does.
import { createServer } from 'node:http'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'

const tus = new Server({ path: '/uploads', datastore: new FileStore({ directory: process.argv[2] }) })
const server = createServer((request, response) => tus.handle(request, response))
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`)
})
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
