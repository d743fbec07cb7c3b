/** What runs on Alibaba Cloud, or on somebody's own machine, and is given a role there, and who is signed in. */
import type * as Redacted from "effect/Redacted"
import type * as Metadata from "../Metadata.js"

/** An ECS instance. */
export type Instance = Metadata.Instance

/** A server that holds a login and gives credentials to who knows its URL. */
export interface CredentialsUri {
  readonly path: string
  /** What the parameter `token` of the query has to be; nothing where left out. */
  readonly token?: Redacted.Redacted | undefined
  readonly role: string
  readonly roleSessionName: string
}

/** An access configuration that a user of CloudSSO has in an account. */
export interface Assignment {
  readonly userName: string
  readonly accountId: string
  readonly accessConfigurationId: string
  /** The name of the RAM role that stands for it in the account. */
  readonly role: string
}

/** A CloudSSO directory. */
export interface CloudSso {
  readonly signInUrl: string
  readonly assignments: ReadonlyArray<Assignment>
  /** Who is signed in; a token is good until it is taken away. */
  readonly signIns: ReadonlyArray<{ readonly userName: string; readonly accessToken: Redacted.Redacted }>
}

/** A user who signed in through OAuth. */
export interface OAuthSignIn {
  readonly userName: string
  readonly clientId: string
  /** Good until it is taken away; those that are given out later end after an hour. */
  readonly accessToken: Redacted.Redacted
  /** Good for one new pair of tokens. */
  readonly refreshToken: Redacted.Redacted
  /** The role whose credentials the access token is exchanged for. */
  readonly role: string
}
