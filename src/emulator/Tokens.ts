/** Tokens that a cloud gave out, each for something and until its end. */
import * as Duration from "effect/Duration"
import { Remembered } from "./Remembered.js"

// Long enough for the longest to be called expired rather than unknown.
const memory = Duration.toMillis("90 days")

/** What a token is for. */
export interface Token<A> {
  readonly value: A
  /** Milliseconds since 1970. */
  readonly expiration: number
}

/** Tokens. Those that nobody gave out, because they are known from the start, never end by themselves. */
export class Tokens<A> {
  private readonly issued = new Remembered<Token<A>>(memory)
  private readonly spent = new Remembered<true>(memory)

  constructor(private readonly seeded: (token: string) => A | undefined) {}

  /** Notes a token that was given out. */
  add(token: string, value: A, expiration: number, now: number): void {
    this.issued.set(token, { value, expiration }, now)
  }

  /** What a token is for, ended or not; nothing where it is unknown or spent. */
  find(token: string, now: number): Token<A> | undefined {
    if (this.spent.get(token, now) !== undefined) return undefined
    const issued = this.issued.get(token, now)
    if (issued !== undefined) return issued
    const value = this.seeded(token)
    return value === undefined ? undefined : { value, expiration: Number.POSITIVE_INFINITY }
  }

  /** Makes a token worth nothing. */
  spend(token: string, now: number): void {
    this.spent.set(token, true, now)
  }
}

const form = /^bearer +(\S+)$/i

/** The token of an `Authorization` header. */
export const bearer = (authorization: string | undefined): string | undefined =>
  form.exec(authorization ?? "")?.[1]
