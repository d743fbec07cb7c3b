/** What runs on AWS and is given a role there, and who is signed in. */
import type * as Redacted from "effect/Redacted"
import type * as Metadata from "../Metadata.js"

/** An EC2 instance. */
export interface Instance extends Metadata.Instance {
  /** Whether the service has the extended API, which tells the account; it has where left out. */
  readonly extended?: boolean | undefined
}

/** A container of an ECS task or of an EKS pod. */
export interface Container {
  /** Which of the two answers it. */
  readonly kind: "ecs" | "eks"
  /** Where it asks for its credentials. */
  readonly path: string
  readonly role: string
  readonly roleSessionName: string
  /** What it has to show in `Authorization`; nothing where left out. */
  readonly token?: Redacted.Redacted | undefined
}

/** A permission set that a user has in an account. */
export interface Assignment {
  readonly userName: string
  readonly accountId: string
  /** The permission set's name, by which the role is asked for. */
  readonly roleName: string
  /** The name of the IAM role that stands for it in the account. */
  readonly role: string
}

/** A user who has signed in, for a program that is registered as a client. */
export interface SignIn {
  readonly userName: string
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted
  /** Good until it is taken away; those that are given out later end after an hour. */
  readonly accessToken: Redacted.Redacted
  /** Good for one new pair of tokens. */
  readonly refreshToken: Redacted.Redacted
}

/** An instance of IAM Identity Center. */
export interface IdentityCenter {
  readonly startUrl: string
  readonly region: string
  readonly assignments: ReadonlyArray<Assignment>
  readonly signIns: ReadonlyArray<SignIn>
}
