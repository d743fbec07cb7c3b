/**
 * Why the demo cannot play.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * The demo cannot start, or a step did not do what it says.
 *
 * @category errors
 * @since 0.1.0
 */
export class StageError extends Data.TaggedError("StageError")<{ readonly detail: string }> {
  override get message(): string {
    return this.detail
  }
}
