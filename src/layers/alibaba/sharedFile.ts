/** Finding the files that Alibaba Cloud's tools share. */
import { devNull } from "node:os"
import * as Effect from "effect/Effect"
import type { Fault } from "../../protocol/alibaba/section.js"
import { expand, home } from "../../protocol/aws/profileLocation.js"
import { isUtf16, utf16 } from "../../protocol/settings.js"
import { type StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import { filled, settings } from "../../services/setting.js"
import * as Home from "../HomeDirectory.js"
import * as PrivateFile from "../PrivateFile.js"

/**
 * A file's source, the variable that names the file, and where it is otherwise: below the user's folder, the first that
 * exists.
 */
export interface Kind {
  readonly source: string
  readonly variable: string
  readonly usual: ReadonlyArray<string>
}

/** A choice that somebody made, and the setting that says so. */
export interface Stated {
  readonly key: string
  readonly text: string
}

/** What an option says, or else a variable. */
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

/** The error for what is wrong with a file. */
export const errorOf = ({ source }: Kind, file: string | undefined, fault: Fault): StsCredentialError =>
  new StsCredentialError({ cloud: "alibaba", source, file, ...fault })

// The folder is USERPROFILE's too where HOME is not set, as the vendor's tools have it.
const rules = "windows"

/**
 * Reads the file that somebody named, which must exist, or else the first of the usual ones. One of those that cannot be
 * read counts as absent, unless somebody named the profile that may be in it. Who names the null device wants no file.
 */
export const read = (
  privateFile: PrivateFile.PrivateFile,
  kind: Kind,
  option: string | undefined,
  profile: Stated | undefined
): Effect.Effect<PrivateFile.Content, StsCredentialError | StsConfigError> =>
  Effect.gen(function* () {
    const named = yield* stated("file", option, kind.variable)
    if (named?.text === devNull) {
      return yield* errorOf(kind, undefined, {
        reason: "NotConfigured",
        detail: `${named.key} is ${devNull}`
      })
    }
    const folder = home(yield* Home.located(rules), rules)
    const usual = folder === undefined ? [] : kind.usual.map((name) => `${folder}/${name}`)
    const files = named === undefined ? usual : [expand(named.text, { HOME: folder }, rules)]
    const found = yield* privateFile.readFirst(files, (named ?? profile) !== undefined)
    if (found._tag === "Read") {
      return isUtf16(found.text)
        ? yield* errorOf(kind, found.file, { reason: "Malformed", detail: utf16, line: 1 })
        : found
    }
    if (found._tag === "Unreadable") {
      const detail = `it cannot be read (${found.reason})`
      return yield* errorOf(kind, found.file, {
        reason: "Unreadable",
        detail,
        key: named?.key ?? profile?.key
      })
    }
    if (named !== undefined) {
      const detail = "there is no such file"
      return yield* errorOf(kind, files[0], { reason: "Unreadable", detail, key: named.key })
    }
    const absent = files.filter((file) => !found.unreadable.some((one) => one.file === file))
    const detail = [
      ...(files.length === 0 ? ["no home folder is known to look in"] : []),
      ...(absent.length === 0 ? [] : [`there is no ${absent.join(" or ")}`]),
      ...found.unreadable.map(PrivateFile.wordsOf)
    ].join(", and ")
    return yield* errorOf(kind, undefined, { reason: "NotConfigured", detail })
  })
