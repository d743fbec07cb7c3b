/** Functions that accept a value, as what it is decoded to, or refuse it and do not say why. */
import * as Result from "effect/Result"

/** The decoded value, or {@link refused}. */
export type Accept = (input: unknown) => unknown

/** What is given for an input that is not accepted. */
export const refused: unique symbol = Symbol("refused")

/**
 * What accepts nothing, not even that there is nothing: it stands for a part of a schema that is not known.
 */
export const unknown: Accept = () => refused

/** Accepts as it is what keeps a rule. */
export const where =
  (keepsRule: (input: unknown) => boolean): Accept =>
  (input) =>
    keepsRule(input) ? input : refused

/** Accepts what each accepts of the one before. */
export const inTurn = (steps: ReadonlyArray<Accept>): Accept => {
  const [first = unknown, ...others] = steps
  if (steps.includes(unknown)) return unknown
  if (others.length === 0) return first
  return (input) => {
    let value = first(input)
    for (let index = 0; index < others.length && value !== refused; index++) value = others[index]?.(value)
    return value
  }
}

/** Accepts what the first accepts that accepts anything. */
export const anyOf = (members: ReadonlyArray<Accept>): Accept => {
  if (members.includes(unknown)) return unknown
  return (input) => {
    for (let index = 0; index < members.length; index++) {
      const value = members[index]?.(input)
      if (value !== refused) return value
    }
    return refused
  }
}

/** Accepts an array of which every member is accepted. */
export const listOf = (member: Accept): Accept => {
  if (member === unknown) return unknown
  return (input) => {
    if (!Array.isArray(input)) return refused
    const values: Array<unknown> = []
    for (let index = 0; index < input.length; index++) {
      const value = member(input[index])
      if (value === refused) return refused
      values.push(value)
    }
    return values
  }
}

type Fields = Record<PropertyKey, unknown>

/** One field of an object. */
export interface Field {
  readonly name: PropertyKey
  /** What it is called in the input. */
  readonly from: PropertyKey
  readonly mayBeAbsent: boolean
  readonly accept: Accept
}

/**
 * Accepts an object by its own fields, and makes one of the prototype with them. Others are passed over; what is
 * inherited is not decided on here.
 */
export const objectOf = (fields: ReadonlyArray<Field>, prototype: object): Accept => {
  if (fields.some(({ accept }) => accept === unknown)) return unknown
  return (input) => {
    if (typeof input !== "object" || input === null || Array.isArray(input)) return refused
    const made: Fields = Object.create(prototype)
    for (let index = 0; index < fields.length; index++) {
      const { accept, from, mayBeAbsent, name } = fields[index] as Field
      if (Object.hasOwn(input, from)) {
        const value = accept((input as Fields)[from])
        if (value === refused) return refused
        made[name] = value
      } else if (!mayBeAbsent || from in input) return refused
    }
    return made
  }
}

/**
 * The prototype of the instances that are made of fields; none where more is made of them than to take them over.
 */
export const prototypeOf = (make: Accept): object | undefined => {
  // A text that is kept as it is by nobody who cares for texts.
  const text = "\0"
  const made = make({ text }) as { readonly text?: unknown }
  return Object.keys(made).join() === "text" && made.text === text ? Object.getPrototypeOf(made) : undefined
}

/** Decodes what is accepted, and asks a slower way about everything else. */
export const orAsk = <A, E>(
  accepting: () => Accept,
  ask: (input: unknown) => Result.Result<A, E>
): ((input: unknown) => Result.Result<A, E>) => {
  let accept: Accept | undefined
  return (input) => {
    accept ??= accepting()
    let value: unknown = refused
    try {
      value = accept(input)
    } catch {
      // What a field of the input throws when it is read: the slower way meets it too.
    }
    return value === refused ? ask(input) : Result.succeed(value as A)
  }
}
