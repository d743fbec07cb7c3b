/** The tokens by which IAM Identity Center knows who is signed in. */
import * as Redacted from "effect/Redacted"
import { Tokens } from "../Tokens.js"
import type { Account } from "./Account.js"
import type { IdentityCenter, SignIn } from "./Hosting.js"

/** Who is signed in, and where. */
export interface SignedIn {
  readonly center: IdentityCenter
  readonly signIn: SignIn
}

/** Access tokens and refresh tokens. */
export interface SsoTokens {
  readonly access: Tokens<SignedIn>
  readonly refresh: Tokens<SignedIn>
}

const signedIn = (accounts: ReadonlyArray<Account>): ReadonlyArray<SignedIn> =>
  accounts.flatMap(({ identityCenter: center }) =>
    center === undefined ? [] : center.signIns.map((signIn) => ({ center, signIn }))
  )

/** The tokens of whoever the accounts say is signed in, and those that are given out later. */
export const make = (accounts: () => ReadonlyArray<Account>): SsoTokens => {
  const tokens = (kind: "accessToken" | "refreshToken") =>
    new Tokens((token) => signedIn(accounts()).find(({ signIn }) => Redacted.value(signIn[kind]) === token))
  return { access: tokens("accessToken"), refresh: tokens("refreshToken") }
}
