/**
 * Finding the files that Alibaba Cloud's tools share.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Fault } from "../../protocol/alibaba/section.js"
import { type StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import { filled, settings } from "../../services/setting.js"
import type * as PrivateFile from "../PrivateFile.js"

/**
 * A file's source, the variable that names the file, and where it is otherwise: below the user's folder, the first that
 * exists.
 *
 * @category models
 * @since 0.1.0
 */
export interface Kind {
  readonly source: string
  readonly variable: string
  readonly usual: ReadonlyArray<string>
}

/**
 * A choice that somebody made, and the setting that says so.
 *
 * @category models
 * @since 0.1.0
 */
export interface Stated {
  readonly key: string
  readonly text: string
}

/**
 * What an option says, or else a variable.
 *
 * @category constructors
 * @since 0.1.0
 */
export const stated = (
  name: string,
  option: string | undefined,
  variable: string
): Effect.Effect<Stated | undefined, StsConfigError> => {
  const own = filled(option)
  return own !== undefined
    ? Effect.succeed({ key: name, text: own })
    : Effect.map(settings([variable]), ({ [variable]: text }) =>
        text === undefined ? undefined : { key: variable, text }
      )
}

/**
 * The error for what is wrong with a file.
 *
 * @category errors
 * @since 0.1.0
 */
export const errorOf = ({ source }: Kind, file: string | undefined, fault: Fault): StsCredentialError =>
  new StsCredentialError({ cloud: "alibaba", source, file, ...fault })

const candidates = ({ usual }: Kind): Effect.Effect<ReadonlyArray<string>, StsConfigError> =>
  Effect.map(settings(["HOME", "USERPROFILE"]), ({ HOME, USERPROFILE }) => {
    const home = HOME ?? USERPROFILE
    return home === undefined ? [] : usual.map((name) => `${home}/${name}`)
  })

/**
 * Reads the file that somebody named, which must exist, or else the first of the usual ones.
 *
 * @category constructors
 * @since 0.1.0
 */
export const read = (
  privateFile: PrivateFile.PrivateFile,
  kind: Kind,
  option: string | undefined
): Effect.Effect<PrivateFile.Content, StsCredentialError | StsConfigError> =>
  Effect.gen(function* () {
    const named = yield* stated("file", option, kind.variable)
    const files = named === undefined ? yield* candidates(kind) : [named.text]
    const found = yield* privateFile.readFirst(files)
    if (found._tag === "Read") return found
    if (found._tag === "Unreadable") {
      const detail = `it cannot be read (${found.reason})`
      return yield* errorOf(kind, found.file, { reason: "Unreadable", detail, key: named?.key })
    }
    if (named !== undefined) {
      const detail = "there is no such file"
      return yield* errorOf(kind, named.text, { reason: "Unreadable", detail, key: named.key })
    }
    const detail =
      files.length === 0
        ? "neither HOME nor USERPROFILE says where to look"
        : `there is no ${files.join(" or ")}`
    return yield* errorOf(kind, undefined, { reason: "NotConfigured", detail })
  })
