// @ts-check

/**
 * Members of values that have another name in Effect 3, with the type that declares them in Effect 4. What is called so
 * nowhere else becomes it in objects of no stated type, too.
 *
 * @type {ReadonlyArray<{
 *   readonly owner: string
 *   readonly name: string
 *   readonly becomes: string
 *   readonly from: string
 *   readonly to: string
 *   readonly anywhere?: boolean
 * }>}
 */
export const members = [
  {
    owner: "effect/Result.Success",
    name: "success",
    becomes: "right",
    from: "export const one = (result: Result.Success<number, never>) => result.success",
    to: "export const one = (result: Either.Right<number, never>) => result.right"
  },
  {
    owner: "effect/Result.Failure",
    name: "failure",
    becomes: "left",
    from: "export const one = ({ failure }: Result.Failure<never, string>) => failure",
    to: "export const one = ({ left: failure }: Either.Left<never, string>) => failure"
  },
  {
    owner: "effect/Clock.Clock",
    name: "currentTimeMillisUnsafe",
    becomes: "unsafeCurrentTimeMillis",
    anywhere: true,
    from: "Effect.map(Clock.Clock, (clock) => clock.currentTimeMillisUnsafe())",
    to: "Effect.map(Effect.clock, (clock) => clock.unsafeCurrentTimeMillis())"
  },
  {
    owner: "effect/Clock.Clock",
    name: "currentTimeNanosUnsafe",
    becomes: "unsafeCurrentTimeNanos",
    anywhere: true,
    from: "export const still: Partial<Clock.Clock> = { currentTimeNanosUnsafe: () => 0n }",
    to: "export const still: Partial<Clock.Clock> = { unsafeCurrentTimeNanos: () => 0n }"
  },
  {
    owner: "effect/Fiber.Fiber",
    name: "context",
    becomes: "currentContext",
    from: "Effect.withFiber((fiber) => Effect.succeed(fiber.context))",
    to: "Effect.withFiberRuntime((fiber) => Effect.succeed(fiber.currentContext))"
  },
  {
    owner: "effect/Schema.BottomWithoutNew",
    name: "annotate",
    becomes: "annotations",
    from: `Schema.String.annotate({ description: "a name" })`,
    to: `Schema.String.annotations({ description: "a name" })`
  },
  {
    owner: "effect/Schema.MakeOptions",
    name: "disableChecks",
    becomes: "disableValidation",
    from: "export const trusting: Schema.MakeOptions = { disableChecks: true }",
    to: "export const trusting: Schema.MakeOptions = { disableValidation: true }"
  },
  {
    owner: "effect/ManagedRuntime.ManagedRuntime",
    name: "contextEffect",
    becomes: "runtimeEffect",
    from: "ManagedRuntime.make(Layer.empty).contextEffect",
    to: "ManagedRuntime.make(Layer.empty).runtimeEffect"
  },
  {
    owner: "effect/DateTime.Utc",
    name: "epochMilliseconds",
    becomes: "epochMillis",
    from: "DateTime.makeUnsafe(0).epochMilliseconds",
    to: "DateTime.unsafeMake(0).epochMillis"
  }
]
