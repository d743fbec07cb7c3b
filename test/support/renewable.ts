/**
 * Sources of credentials that do as they are told, and count.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Credentials } from "../../src/schemas/aws/Credentials.js"
import { StsCredentialError } from "../../src/schemas/StsError.js"
import type { CredentialSource, SourceError } from "../../src/services/CredentialSource.js"

/** What a source does when it is asked. */
export type Behaviour =
  | { readonly _tag: "Gives"; readonly seconds: number; readonly takes?: number }
  | { readonly _tag: "GivesEnded"; readonly takes?: number }
  | { readonly _tag: "GivesForGood"; readonly takes?: number }
  | { readonly _tag: "IsDown"; readonly takes?: number }
  | { readonly _tag: "Refuses"; readonly takes?: number }

/** One time that a source was asked; times in milliseconds. */
export interface Contact {
  readonly startedAt: number
  endedAt: number | undefined
  readonly behaviour: Behaviour
}

const failure = (reason: "Unavailable" | "Refused") =>
  new StsCredentialError({ cloud: "aws", source: "scripted", reason, detail: "it was told to fail" })

const secretAccessKey = Redacted.make("secret-of-a-scripted-source")

const answer = (
  { _tag, ...behaviour }: Behaviour,
  number: number
): Effect.Effect<Credentials, SourceError> => {
  if (_tag === "IsDown") return Effect.fail(failure("Unavailable"))
  if (_tag === "Refuses") return Effect.fail(failure("Refused"))
  return Effect.map(DateTime.now, (now) => {
    const seconds = "seconds" in behaviour ? behaviour.seconds : -1
    const expiration = _tag === "GivesForGood" ? undefined : DateTime.add(now, { seconds })
    return new Credentials({ accessKeyId: `ASIA${number}`, secretAccessKey, expiration })
  })
}

const millis = Effect.map(DateTime.now, DateTime.toEpochMillis)

/** A source that behaves as the given function says at its n-th contact, counted from 0. */
export class ScriptedSource implements CredentialSource<Credentials> {
  readonly name = "scripted"
  readonly contacts: Array<Contact> = []
  readonly invalidated: Array<string> = []
  underWay = 0
  mostUnderWay = 0

  constructor(public behave: (contact: number) => Behaviour) {}

  readonly get: Effect.Effect<Credentials, SourceError> = Effect.gen({ self: this }, function* () {
    const number = this.contacts.length
    const behaviour = this.behave(number)
    const contact: Contact = { startedAt: yield* millis, endedAt: undefined, behaviour }
    this.contacts.push(contact)
    this.underWay++
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    return yield* Effect.ensuring(
      Effect.andThen(Effect.sleep(behaviour.takes ?? 0), answer(behaviour, number)),
      Effect.map(millis, (now) => {
        contact.endedAt = now
        this.underWay--
      })
    )
  })

  invalidate(accessKeyId: string): Effect.Effect<void> {
    return Effect.sync(() => this.invalidated.push(accessKeyId))
  }
}
