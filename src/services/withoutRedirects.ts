/**
 * Requests whose redirects are answers like others.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

// Under the platform's client over fetch a redirect would be followed; its module is not needed for saying no.
const FetchOptions = Context.GenericTag<"FetchOptions", { readonly redirect?: string }>(
  "@effect/platform/FetchHttpClient/FetchOptions"
)

/**
 * Lets no client follow a redirect by itself.
 *
 * @category combinators
 * @since 0.1.0
 */
export const withoutRedirects = <A, E, R>(asking: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.mapInputContext(asking, (context: Context.Context<R>) =>
    Context.add(context, FetchOptions, {
      ...Option.getOrElse(Context.getOption(context, FetchOptions), () => ({})),
      redirect: "manual"
    })
  )
