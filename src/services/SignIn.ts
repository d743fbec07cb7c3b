/**
 * The person's side of signing in: a browser that opens a page, a message that says which page and code, and an address
 * on this machine that the browser is sent back to.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { printable } from "../protocol/scrub.js"
import type { StsConfigError } from "../schemas/StsError.js"

/**
 * A page that a person has to go to.
 *
 * @category models
 * @since 0.1.0
 */
export interface Page {
  /** Where. It holds no secret. */
  readonly url: string
  /** What the page has to show, or asks for; absent where the page knows who is waiting. */
  readonly code: string | undefined
  /** Whether a browser was opened with it. */
  readonly opened: boolean
}

/**
 * Opens a page in the person's browser, and tells whether there was one. Unless it is provided, there is none.
 *
 * @category tags
 * @since 0.1.0
 */
export class Browser extends Context.Reference("effect-sts/SignIn/Browser", {
  defaultValue: () => (_url: string) => Effect.succeed(false)
}) {
  /** Opens pages in this way throughout the program. */
  static layer(open: (url: string) => Effect.Effect<boolean>): Layer.Layer<never> {
    return Layer.succeedContext(Context.make(Browser, open) as Context.Context<never>)
  }
}

/** What a person is told about a page. */
const words = ({ code, opened, url }: Page): string => {
  const what = opened ? "A browser has opened to sign in. If it has not, open" : "To sign in, open"
  return printable(`${what} ${url}${code === undefined ? "" : ` and check that it shows the code ${code}`}`)
}

/**
 * Tells the person which page to open. Unless it is provided, the page is logged.
 *
 * @category tags
 * @since 0.1.0
 */
export class Prompt extends Context.Reference("effect-sts/SignIn/Prompt", {
  defaultValue: () => (page: Page) => Effect.logInfo(words(page))
}) {
  /** Tells it in this way throughout the program. */
  static layer(tell: (page: Page) => Effect.Effect<void>): Layer.Layer<never> {
    return Layer.succeedContext(Context.make(Prompt, tell) as Context.Context<never>)
  }
}

/**
 * Asks the person for the text that a page shows at the end, on whichever machine; undefined where nobody can be asked,
 * as it is unless this is provided.
 *
 * @category tags
 * @since 4.0.0
 */
export class Paste extends Context.Reference("effect-sts/SignIn/Paste", {
  defaultValue: () => (): Effect.Effect<Redacted.Redacted | undefined> => Effect.succeed(undefined)
}) {
  /** Asks in this way throughout the program. */
  static layer(ask: () => Effect.Effect<Redacted.Redacted | undefined>): Layer.Layer<never> {
    return Layer.succeedContext(Context.make(Paste, ask) as Context.Context<never>)
  }
}

/**
 * What comes back from the browser.
 *
 * @category models
 * @since 0.1.0
 */
export type Answer =
  | {
      /** The person has signed in. */
      readonly _tag: "Code"
      /** Good for tokens, once. */
      readonly code: Redacted.Redacted
    }
  | {
      /** The person, or the service, declined. */
      readonly _tag: "Refused"
      /** The error's code. */
      readonly code: string
      /** What the service says about it. */
      readonly description: string
    }

/**
 * Where to listen, and for what.
 *
 * @category models
 * @since 0.1.0
 */
export interface ListenOptions {
  /** The ports to try, in turn; 0 is any free one. */
  readonly ports: ReadonlyArray<number>
  /** The path that the browser is sent back to. */
  readonly path: string
  /** What distinguishes this sign-in from others. */
  readonly state: Redacted.Redacted
}

/**
 * An address that is being listened on.
 *
 * @category models
 * @since 0.1.0
 */
export interface Listening {
  /** The whole address, with its port. */
  readonly redirectUri: string
  /** Waits for what the browser brings back. Requests that are not for this sign-in are answered and ignored. */
  readonly answer: Effect.Effect<Answer>
  /** How many requests came from another sign-in, or without its state. */
  readonly foreignRequests: Effect.Effect<number>
}

/**
 * Listens on an address of this machine that no other machine can reach, until the scope closes.
 *
 * @category tags
 * @since 0.1.0
 */
export class LoopbackListener extends Context.Service<
  LoopbackListener,
  {
    /** Listens on the first port that is free. */
    readonly listen: (options: ListenOptions) => Effect.Effect<Listening, StsConfigError, Scope.Scope>
  }
>()("effect-sts/SignIn/LoopbackListener") {}
