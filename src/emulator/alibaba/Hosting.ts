/** What runs on Alibaba Cloud, or on somebody's own machine, and is given a role there. */
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
