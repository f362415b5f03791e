/** What is counted where people gather, what residents may see of what was said, and what came of it. Pure: it reads records and knows no clock. */
import type { Json, Shown } from '../app.svelte'
import { addDays } from '../days'
import { stringAt } from '../today'

type Body = Readonly<Record<string, Json>>

export const MINUTES_WITHIN_DAYS = 7

/** The line that one counter counts on: each has lines of their own, so that two counts add up. */
export function lineOf(name: string, counter: string, group: string): string {
  return group === '' ? `${name}/${counter}` : `${name}/${counter}-${group}`
}

/** Whose lines a counter's are: the user's own, whichever phone they were counted on. */
export const userOf = (counter: string): string => counter.split('.')[0] ?? counter

/** What all have counted of one group, or one `user` alone. */
export function sumOf(body: Body, name: string, group: string, user = ''): number {
  const isLine = (path: string): boolean => path.startsWith(`${name}/${user}`) && (group === '' || path.endsWith(`-${group}`))
  return Object.entries(body).reduce((sum, [path, count]) => sum + (isLine(path) && typeof count === 'number' ? count : 0), 0)
}

/**
 * The line to count down on: one's own, else another that the same user has counted on, before the app told their
 * phones apart or on a phone that is no more. Null when they have counted nothing of the group.
 */
export function lineToLower(body: Body, name: string, counter: string, group: string): string | null {
  const counted = (path: string): boolean => sumOf({ [path]: body[path] ?? null }, name, group, userOf(counter)) > 0
  return [lineOf(name, counter, group), ...Object.keys(body).sort()].find(counted) ?? null
}

export function votesOf(input: Shown): number {
  return sumOf(input.body, 'votes', '')
}

/** What a step sets beside itself: held, the minutes are due in a week; done, it was done today. */
export function follows(record: Shown, state: string, today: string): Record<string, Json> {
  const held = record.kind === 'event' && state === 'held' ? stringAt(record, 'held_on') : null
  if (held !== null && stringAt(record, 'minutes_due_on') === null) return { minutes_due_on: addDays(held, MINUTES_WITHIN_DAYS) }
  if (record.kind === 'measure' && state === 'done' && stringAt(record, 'done_on') === null) return { done_on: today }
  return {}
}

/** What residents may read of a thing said: our short words, or their own where nobody can be known by them. */
export function openWords(input: Shown): string | null {
  return stringAt(input, 'summary') ?? (input.body['words_shareable'] === true ? stringAt(input, 'words') : null)
}

export interface Voice {
  id: string
  words: string
  votes: number
}

/** What the residents of a meeting see of each other: what was written there by themselves, and what all may read. */
export function voicesAt(event: Shown, inputs: readonly Shown[]): Voice[] {
  const neighbourhood = stringAt(event, 'neighbourhood')
  return inputs.flatMap((input) => {
    const here = stringAt(input, 'event') === event.id
    const near = neighbourhood !== null && stringAt(input, 'neighbourhood') === neighbourhood && stringAt(input, 'answered_on') === null
    const own = here && stringAt(input, 'channel') === 'resident_mode'
    const words = !here && !near ? null : own ? stringAt(input, 'words') : openWords(input)
    return words === null ? [] : [{ id: input.id, words, votes: votesOf(input) }]
  })
}

export interface Answered {
  id: string
  said: string
  topic: string | null
  votes: number
  answer: string | null
  answered_on: string | null
  measures: readonly Shown[]
}

/** «Dere sa – vi gjorde»: only what residents may read, what most stand behind first. */
export function saidAndDone(inputs: readonly Shown[], measures: readonly Shown[]): Answered[] {
  const entries = inputs.flatMap((input): Answered[] => {
    const said = openWords(input)
    if (said === null) return []
    return [
      {
        id: input.id,
        said,
        topic: stringAt(input, 'topic'),
        votes: votesOf(input),
        answer: stringAt(input, 'answer'),
        answered_on: stringAt(input, 'answered_on'),
        measures: measures.filter((measure) => measure.body[`inputs/${input.id}`] === true),
      },
    ]
  })
  return entries.sort((left, right) => right.votes - left.votes)
}
