// Does one stretching of a passphrase beside the page, so that the screen answers meanwhile, and ends with it.
/// <reference lib="webworker" />
import { argon, type Stretching } from './argon'

const worker = self as unknown as DedicatedWorkerGlobalScope

/** The first stretching makes the machine code: a small one while the passphrase is being typed, of which nothing is used. */
void argon({ passphrase: 'x', salt: new Uint8Array(16), memory_kib: 8, passes: 1, lanes: 1 }).catch(() => undefined)

/** A failure is told to the page, which then stretches by itself: a small phone may have no memory for a second thread. */
worker.addEventListener('message', (event: MessageEvent<Stretching>) => {
  void argon(event.data).then((stretched) => worker.postMessage(stretched, [stretched.buffer]), reportError)
})
