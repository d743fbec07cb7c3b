/** The tokens by which Alibaba Cloud's OAuth service knows who is signed in. */
import * as Redacted from "effect/Redacted"
import { Tokens } from "../Tokens.js"
import type { Account } from "./Account.js"
import type { OAuthSignIn } from "./Hosting.js"

/** Who is signed in, and where. */
export interface SignedIn {
  readonly account: Account
  readonly signIn: OAuthSignIn
}

/** Access tokens and refresh tokens. */
export interface OAuthTokens {
  readonly access: Tokens<SignedIn>
  readonly refresh: Tokens<SignedIn>
}

/** The tokens of whoever the accounts say is signed in, and those that are given out later. */
export const make = (accounts: () => ReadonlyArray<Account>): OAuthTokens => {
  const tokens = (kind: "accessToken" | "refreshToken") =>
    new Tokens((token) =>
      accounts()
        .flatMap((account) => (account.oauthSignIns ?? []).map((signIn) => ({ account, signIn })))
        .find(({ signIn }) => Redacted.value(signIn[kind]) === token)
    )
  return { access: tokens("accessToken"), refresh: tokens("refreshToken") }
}
