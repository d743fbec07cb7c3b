/** Why the demo cannot play. */
import * as Data from "effect/Data"

/** The demo cannot start, or a step did not do what it says. */
export class StageError extends Data.TaggedError("StageError")<{ readonly detail: string }> {
  override get message(): string {
    return this.detail
  }
}
