/** What a cloud knows: what its accounts hold, and the identifiers, tokens, sessions and credentials that it gave out. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { IdentityProviderKey } from "./IdentityProvider.js"
import type { Draw } from "./random.js"

interface Keys<Key> {
  readonly accessKeys: ReadonlyArray<Key>
}

/** An access key and its owner. */
export interface KeyOwner<Key, Owner> {
  readonly key: Key
  readonly owner: Owner
}

/** The long-term access key of an id: an account's own, or one of a user's. */
export const findKey = <
  Key extends { readonly accessKeyId: string },
  User extends Keys<Key>,
  Account extends Keys<Key> & { readonly users: ReadonlyArray<User> },
  Owner
>(
  accounts: ReadonlyArray<Account>,
  accessKeyId: string,
  rootOf: (account: Account) => Owner,
  userOf: (account: Account, user: User) => Owner
): KeyOwner<Key, Owner> | undefined =>
  accounts
    .flatMap((account) => [
      ...account.accessKeys.map((key) => ({ key, owner: rootOf(account) })),
      ...account.users.flatMap((user) =>
        user.accessKeys.map((key) => ({ key, owner: userOf(account, user) }))
      )
    ])
    .find(({ key }) => key.accessKeyId === accessKeyId)

/** How something is found by its ARN, together with the account that holds it. */
export const finder =
  <Account, A>(
    listOf: (account: Account) => ReadonlyArray<A>,
    arnOf: (account: Account, value: A) => string
  ) =>
  (
    accounts: ReadonlyArray<Account>,
    arn: string
  ): { readonly account: Account; readonly value: A } | undefined =>
    accounts
      .flatMap((account) => listOf(account).map((value) => ({ account, value })))
      .find(({ account, value }) => arnOf(account, value) === arn)

/** Values by key, each kept for the same time. Time never runs inside; every call brings its own. */
export class Remembered<A> {
  private readonly entries = new Map<string, { readonly value: A; readonly at: number }>()

  constructor(private readonly keepMillis: number) {}

  /** The value, unless it is unknown or forgotten. */
  get(key: string, now: number): A | undefined {
    const entry = this.entries.get(key)
    return entry === undefined || this.isOver(entry.at, now) ? undefined : entry.value
  }

  /** All that is remembered, the oldest first. */
  all(now: number): ReadonlyArray<A> {
    this.forget(now)
    return [...this.entries.values()].map(({ value }) => value)
  }

  /** Keeps a value. */
  set(key: string, value: A, now: number): void {
    this.forget(now)
    this.entries.delete(key)
    this.entries.set(key, { value, at: now })
  }

  /** Forgets a value before its time. */
  delete(key: string): void {
    this.entries.delete(key)
  }

  private isOver(at: number, now: number): boolean {
    return now - at > this.keepMillis
  }

  private forget(now: number): void {
    for (const [key, { at }] of this.entries) {
      if (!this.isOver(at, now)) return
      this.entries.delete(key)
    }
  }
}

// Long enough for the longest to be called expired rather than unknown.
const tokenMemory = Duration.toMillis("90 days")

/** What a token is for. */
export interface Token<A> {
  readonly value: A
  /** Milliseconds since 1970. */
  readonly expiration: number
}

/** Tokens. Those that the accounts have from the start do not expire. */
export class Tokens<A> {
  private readonly issued = new Remembered<Token<A>>(tokenMemory)
  private readonly spent = new Remembered<true>(tokenMemory)

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

  /** What a token is good for; nothing where it is unknown, spent or over. */
  valid(token: string, now: number): A | undefined {
    const found = this.find(token, now)
    return found === undefined || found.expiration <= now ? undefined : found.value
  }

  /** Makes a token worth nothing. */
  spend(token: string, now: number): void {
    this.spent.set(token, true, now)
  }
}

const accessMillis = Duration.toMillis("1 hour")
const refreshMillis = Duration.toMillis("90 days")

/** How long an access token is good for, in seconds. */
export const accessSeconds = accessMillis / 1_000

interface SignedIn {
  readonly signIn: { readonly accessToken: Redacted.Redacted; readonly refreshToken: Redacted.Redacted }
}

/** What a client is given. */
interface TokenPair {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
}

/** The access and refresh tokens of the accounts' signed-in users, and those that are issued later. */
export class SignInTokens<A> {
  readonly access: Tokens<A>
  readonly refresh: Tokens<A>

  constructor(seeded: () => ReadonlyArray<A & SignedIn>) {
    const tokens = (kind: "accessToken" | "refreshToken") =>
      new Tokens((token) => seeded().find(({ signIn }) => Redacted.value(signIn[kind]) === token))
    this.access = tokens("accessToken")
    this.refresh = tokens("refreshToken")
  }

  /** Notes tokens that were given out. */
  add({ accessToken, refreshToken }: TokenPair, value: A, now: number): void {
    this.access.add(accessToken, value, now + accessMillis, now)
    if (refreshToken !== undefined) this.refresh.add(refreshToken, value, now + refreshMillis, now)
  }

  /** Takes a refresh token for a new pair. */
  renew(old: string, pair: TokenPair, value: A, now: number): void {
    this.refresh.spend(old, now)
    this.add(pair, value, now)
  }
}

const bearerForm = /^bearer +(\S+)$/i

/** The token of an `Authorization` header. */
export const bearer = (authorization: string | undefined): string | undefined =>
  bearerForm.exec(authorization ?? "")?.[1]

// Long enough for the longest session to be called expired rather than unknown.
const sessionMemory = Duration.toMillis("48 hours")

/** Sessions by their token, and the access keys that belong to them. */
export class Sessions<Session> {
  private readonly byToken = new Remembered<Session>(sessionMemory)
  private readonly byAccessKeyId = new Remembered<Session>(sessionMemory)

  /** Notes a session that was issued. */
  add(session: Session, accessKeyId: string, token: string, now: number): void {
    this.byToken.set(token, session, now)
    this.byAccessKeyId.set(accessKeyId, session, now)
  }

  /** Every session, expired or not, the oldest first. */
  all(now: number): ReadonlyArray<Session> {
    return this.byToken.all(now)
  }

  /** The session of a token, expired or not. */
  find(token: string, now: number): Session | undefined {
    return this.byToken.get(token, now)
  }

  /** The session that an access key was issued with, expired or not. */
  findByKey(accessKeyId: string, now: number): Session | undefined {
    return this.byAccessKeyId.get(accessKeyId, now)
  }
}

/** Credentials by what they are for. */
export class Rotating<Session extends { readonly expiration: number }> {
  private readonly kept = new Map<string, Session>()

  /** New ones are made so many milliseconds before the end of the old. */
  constructor(private readonly margin: number) {}

  /** The credentials there are, or else new ones. */
  get(key: string, now: number, issue: Effect.Effect<Session>): Effect.Effect<Session> {
    const session = this.kept.get(key)
    if (session !== undefined && session.expiration - now > this.margin) return Effect.succeed(session)
    return Effect.tap(issue, (issued) =>
      Effect.sync(() => {
        this.kept.set(key, issued)
      })
    )
  }
}

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
const hexadecimal = "0123456789ABCDEF"
const decimal = "0123456789"
/** The alphabet of base32. */
export const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

/** Where the emulator's identifiers and secrets come from. */
export interface Generator {
  /** Letters and digits. */
  readonly text: (length: number) => Effect.Effect<string>
  /** Digits. */
  readonly digits: (length: number) => Effect.Effect<string>
  /** Capital letters and the digits 2 to 7. */
  readonly base32: (length: number) => Effect.Effect<string>
  /** A request id, in the form of an upper-case UUID. */
  readonly requestId: Effect.Effect<string>
}

// One draw holds several characters: drawing them one by one would cost more than the rest of a request.
const perDraw = 5

const drawn = (draw: Draw, alphabet: string, length: number): Effect.Effect<string> => {
  const base = alphabet.length
  const chunk = Effect.map(draw(base ** perDraw), (number) => {
    let rest = number
    let text = ""
    for (let position = 0; position < perDraw; position++) {
      text += alphabet[rest % base]
      rest = Math.floor(rest / base)
    }
    return text
  })
  return Effect.map(Effect.replicateEffect(chunk, Math.ceil(length / perDraw)), (chunks) =>
    chunks.join("").slice(0, length)
  )
}

const dashed = (text: string): string =>
  [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-")

/** A generator of what is drawn. */
export const makeGenerator = (draw: Draw): Generator => ({
  text: (length) => drawn(draw, alphanumeric, length),
  digits: (length) => drawn(draw, decimal, length),
  base32: (length) => drawn(draw, base32, length),
  requestId: Effect.map(drawn(draw, hexadecimal, 32), dashed)
})

/** What every cloud's state is made of. */
export class CloudState<Account> {
  constructor(
    public accounts: ReadonlyArray<Account>,
    readonly generator: Generator,
    /** What the emulator signs with where it is the identity provider itself. */
    readonly ownKey: Effect.Effect<IdentityProviderKey>
  ) {}
}
