// PouchDB server: express-pouchdb over leveldb. As it comes, leveldb hands its writes to the operating
// system and a power cut takes the last of them; here every write waits for the disk, as ours does.
import expressPouch from 'express-pouchdb'
import express from 'express'
import leveldown from 'leveldown'
import leveldb from 'pouchdb-adapter-leveldb'
import PouchDB from 'pouchdb-core'
import mapreduce from 'pouchdb-mapreduce'
import replication from 'pouchdb-replication'

const [port, folder] = process.argv.slice(2)

function durable(name) {
  const disk = leveldown(name)
  for (const write of ['_put', '_del', '_batch']) {
    const plain = disk[write].bind(disk)
    disk[write] = (...words) => {
      const at = words.length - 2
      return plain(...words.with(at, { ...words[at], sync: true }))
    }
  }
  return disk
}
durable.destroy = leveldown.destroy

const Pouch = PouchDB.plugin(leveldb)
  .plugin(replication)
  .plugin(mapreduce)
  .defaults({ prefix: `${folder}/`, db: durable })
const app = express()
app.use(expressPouch(Pouch, { inMemoryConfig: true, logPath: `${folder}/log.txt` }))
app.listen(Number(port), '127.0.0.1')
