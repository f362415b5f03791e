// RxDB server: a collection a team. Node has no free storage on disk for it, so it keeps all in memory.
import express from 'express'
import { createRxDatabase } from 'rxdb/plugins/core'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { createRxServer } from 'rxdb-server/plugins/server'
import { RxServerAdapterExpress } from 'rxdb-server/plugins/adapter-express'

const [port, ...teams] = process.argv.slice(2)
const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 36 },
    fields: { type: 'object', additionalProperties: true },
  },
  required: ['id', 'fields'],
}
const database = await createRxDatabase({ name: 'peer', storage: getRxStorageMemory() })
await database.addCollections(Object.fromEntries(teams.map((team) => [team, { schema }])))
const serverApp = express()
serverApp.use(express.json({ limit: '10mb' })) // its own 100 kB are less than a hundred records
const server = await createRxServer({
  database,
  adapter: RxServerAdapterExpress,
  serverApp,
  hostname: '127.0.0.1',
  port: Number(port),
})
for (const team of teams) {
  server.addReplicationEndpoint({ name: team, collection: database[team] })
}
await server.start()
