// Stretches a passphrase on a thread of its own; on the page's, where the browser gives no other.
import type { Stretching } from './argon'
import type { Bytes } from './bytes'
import address from './stretch_worker?worker&url'
import { trusted } from './trusted'

export function stretch(task: Stretching): Promise<Bytes> {
  return typeof Worker === 'undefined' ? here(task) : beside(task).catch(() => here(task))
}

const here = async (task: Stretching): Promise<Bytes> => (await import('./argon')).argon(task)

/** A thread that is there already, and waits for its one task. */
let waiting: Worker | null = null

/** Somebody is about to give a passphrase: the thread is started while they do. */
export function standBy(): void {
  if (typeof Worker === 'undefined' || waiting) return
  const worker = (waiting = new Worker(trusted(address)))
  worker.onerror = () => {
    if (waiting === worker) standDown()
  }
}

/** Nobody is, any more. */
export function standDown(): void {
  waiting?.terminate()
  waiting = null
}

async function beside(task: Stretching): Promise<Bytes> {
  const worker = waiting ?? new Worker(trusted(address))
  waiting = null
  try {
    return await new Promise<Bytes>((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<Bytes>) => resolve(event.data)
      worker.onerror = reject
      worker.postMessage(task)
    })
  } finally {
    worker.terminate()
  }
}
