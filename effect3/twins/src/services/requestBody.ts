// A body is known by a symbol, not by its prototype.
import * as HttpBody from "@effect/platform/HttpBody"
import * as Inspectable from "effect/Inspectable"

export abstract class Body extends Inspectable.Class {
  readonly [HttpBody.TypeId]: HttpBody.TypeId = HttpBody.TypeId
  abstract readonly _tag: string
  abstract readonly contentType: string | undefined
  abstract readonly contentLength: number | undefined
}
