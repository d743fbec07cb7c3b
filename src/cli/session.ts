/** Options of every command that calls a cloud. */
import * as Flag from "effect/cli/Flag"
import type * as Option from "effect/Option"

/** With which credentials and where the cloud is called. */
export const flags = {
  profile: Flag.String("profile").pipe(
    Flag.withMetavar("NAME"),
    Flag.withDescription(
      "The profile of the vendor's configuration whose credentials are used; as in the environment otherwise."
    ),
    Flag.optional
  ),
  region: Flag.String("region").pipe(
    Flag.withMetavar("REGION"),
    Flag.withDescription("The region that is called; as in the environment or the profile otherwise."),
    Flag.optional
  )
}

/** What the options say. */
export interface Session {
  readonly profile: Option.Option<string>
  readonly region: Option.Option<string>
}
