/** What runs on AWS and is given a role there: an instance, and containers. */
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
