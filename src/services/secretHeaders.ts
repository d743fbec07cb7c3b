/**
 * Headers that hold secrets and do not show them, wherever they are printed.
 *
 * @since 0.1.0
 */
import * as Headers from "@effect/platform/Headers"
import * as FiberRefs from "effect/FiberRefs"
import * as Inspectable from "effect/Inspectable"

const shown = (headers: Headers.Headers, names: Parameters<typeof Headers.redact>[1]) =>
  Headers.redact(headers, names)

const prototypeFor = (names: ReadonlyArray<string>): object => {
  function outline(this: Headers.Headers) {
    return shown(this, names)
  }
  // Not enumerable: some clients send whatever a loop over the headers finds.
  return Object.create(Object.getPrototypeOf(Headers.empty), {
    toJSON: { value: outline },
    [Inspectable.NodeInspectSymbol]: { value: outline },
    [Inspectable.symbolRedactable]: {
      value(this: Headers.Headers, refs: FiberRefs.FiberRefs) {
        return shown(this, [...names, ...FiberRefs.getOrDefault(refs, Headers.currentRedactedNames)])
      }
    }
  })
}

/**
 * Makes headers whose values under the given names print as redacted. They are sent as they are. The platform's own
 * are redacted in spans alone, and an error that holds its request prints them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const secretHeaders = (
  names: ReadonlyArray<string>
): ((headers: Readonly<Record<string, string>>) => Headers.Headers) => {
  const prototype = prototypeFor(names)
  return (headers) => Object.assign(Object.create(prototype), headers)
}
