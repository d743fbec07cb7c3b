// The trees of these schemas have other parts, so the schema is asked about everything.
import * as Schema from "effect/Schema"

export const decoder = Schema.decodeUnknownEither
