/** The acts around an assignment: take it, put it off without failing, and say that it is done, with time to undo. */
import { app } from '../app.svelte'
import { addDays, addWorkingDays } from '../days'
import { say } from '../programmes/words'
import { day, dayOf } from '../words'
import { signed } from './deviation_acts'
import { undoBar } from './undo.svelte'

/** What the thumb is offered when it does not suit today. */
export function laterDays(today: string): string[] {
  return [addWorkingDays(today, 1), addWorkingDays(today, 2), addDays(today, 7)]
}

export async function take(id: string): Promise<void> {
  const me = app.user?.id ?? ''
  await app.set(id, 'assignment', { [`who/${me}`]: true, handling: signed('accepted') })
  const undo = { [`who/${me}`]: null, handling: signed('new') }
  const looked = app.look(id, 'assignment')
  undoBar.say({ message: say('assignment.taken'), undo: () => app.set(id, 'assignment', undo, looked) })
}

/** The day is in no field that keeps it: it is written before it is said to be, and can be taken back. */
export async function notToday(id: string, on: string): Promise<void> {
  const { due_on = null, handling = signed('new') } = app.record(id)?.body ?? {}
  await app.set(id, 'assignment', { due_on: on, handling: signed('not_today') })
  const looked = app.look(id, 'assignment')
  undoBar.say({
    message: say('assignment.put_off', { dato: day(on, dayOf(new Date())) }),
    undo: () => {
      app.go('assignment', id)
      return app.set(id, 'assignment', { due_on, handling }, looked)
    },
  })
}

/** Shown as done at once, written when the time to undo is out. */
export function done(id: string): void {
  const looked = app.look(id, 'assignment')
  undoBar.say({
    message: say('assignment.done_now'),
    undo: () => {
      undoBar.finishing.delete(id)
      app.go('assignment', id)
    },
    commit: () => app.set(id, 'assignment', { handling: signed('done') }, looked).finally(() => undoBar.finishing.delete(id)),
  })
  undoBar.finishing.add(id)
}
