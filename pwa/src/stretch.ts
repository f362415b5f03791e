// Stretches a passphrase on a thread of its own; on the page's, where the browser gives no other.
import type { Stretching } from './argon'
import type { Bytes } from './bytes'
import address from './stretch_worker?worker&url'
import { trusted } from './trusted'

export function stretch(task: Stretching): Promise<Bytes> {
  return typeof Worker === 'undefined' ? here(task) : beside(task).catch(() => here(task))
}

const here = async (task: Stretching): Promise<Bytes> => (await import('./argon')).argon(task)

async function beside(task: Stretching): Promise<Bytes> {
  const worker = new Worker(trusted(address))
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
