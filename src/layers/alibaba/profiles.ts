/** The two files that hold profiles: reading them, and what code other than their sources needs to know of them. */
import { devNull } from "node:os"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as CliConfig from "../../protocol/alibaba/cliConfig.js"
import * as Ini from "../../protocol/alibaba/credentialsFile.js"
import { type Plan, region } from "../../protocol/alibaba/plan.js"
import type { Fault, PassedOver, Section } from "../../protocol/alibaba/section.js"
import { isUtf16, type Setting, utf16 } from "../../protocol/settings.js"
import type { Variable } from "../../protocol/settingTable.js"
import type { SettingNote } from "../../schemas/Explanation.js"
import { StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import * as Endpoint from "../../services/alibaba/Endpoint.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { filled, stated, switchedOn } from "../../services/setting.js"
import { unreadableNotes } from "../explanation.js"
import { expand, home, located } from "../HomeDirectory.js"
import * as PrivateFile from "../PrivateFile.js"

/** Which files and profile, where the environment shall not say. */
export interface Options {
  /** Instead of `~/.aliyun/config.json`, or what `ALIBABA_CLOUD_CONFIG_FILE` names. */
  readonly configFile?: string | undefined
  /**
   * Instead of `~/.alibabacloud/credentials` and, where that does not exist, `~/.alibabacloud/credentials.ini`; or what
   * `ALIBABA_CLOUD_CREDENTIALS_FILE` names.
   */
  readonly credentialsFile?: string | undefined
  /** Instead of the one that `ALIBABA_CLOUD_PROFILE` names, or the file's own. */
  readonly profile?: string | undefined
}

/**
 * A file's source, the option and the variable that name the file, and where it is otherwise: below the user's folder,
 * the first that exists.
 */
interface Kind {
  readonly source: string
  readonly option: "configFile" | "credentialsFile"
  readonly variable: Variable
  readonly usual: ReadonlyArray<string>
}

/** What an option says, or else a variable. */
const choice = (
  name: string,
  option: string | undefined,
  variable: Variable
): Effect.Effect<Setting | undefined, StsConfigError> => {
  const own = filled(option)
  return own !== undefined ? Effect.succeed({ key: name, value: own }) : stated(variable)
}

/** The error for what is wrong with a file. */
export const errorOf = ({ source }: Kind, file: string | undefined, fault: Fault): StsCredentialError =>
  new StsCredentialError({ cloud: "alibaba", source, file, ...fault })

// The folder is USERPROFILE's too where HOME is not set, as the vendor's tools have it.
const rules = "windows"

/**
 * Reads the file that was named, which must exist, or else the first of the usual ones. One of those that cannot be
 * read counts as absent, unless a profile was named that may be in it. Naming the null device means no file.
 */
const readFile = (
  privateFile: PrivateFile.PrivateFile,
  kind: Kind,
  options: Options,
  profile: Setting | undefined
): Effect.Effect<PrivateFile.Content, StsCredentialError | StsConfigError> =>
  Effect.gen(function* () {
    const named = yield* choice(kind.option, options[kind.option], kind.variable)
    if (named?.value === devNull) {
      return yield* errorOf(kind, undefined, {
        reason: "NotConfigured",
        detail: `${named.key} is ${devNull}`
      })
    }
    const folder = home(yield* located(rules), rules)
    const usual = folder === undefined ? [] : kind.usual.map((name) => `${folder}/${name}`)
    const files = named === undefined ? usual : [expand(named.value, { HOME: folder }, rules)]
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
      ...(files.length === 0 ? ["the home directory is unknown"] : []),
      ...(absent.length === 0 ? [] : [`there is no ${absent.join(" or ")}`]),
      ...found.unreadable.map(PrivateFile.wordsOf)
    ].join(", and ")
    return yield* errorOf(kind, undefined, { reason: "NotConfigured", detail })
  })

/** A file as it was read, and the profile that was named. */
export interface Loaded<Content> {
  readonly file: string
  readonly named: Setting | undefined
  readonly content: Content
}

/** The command line tool's config file. */
export const cli: Kind = {
  source: "CLI profile",
  option: "configFile",
  variable: "ALIBABA_CLOUD_CONFIG_FILE",
  usual: [".aliyun/config.json"]
}

/** The shared credentials file. */
export const ini: Kind = {
  source: "credentials file",
  option: "credentialsFile",
  variable: "ALIBABA_CLOUD_CREDENTIALS_FILE",
  usual: [".alibabacloud/credentials", ".alibabacloud/credentials.ini"]
}

/** The command line tool's config file, whether there is one or not. */
export const cliFile = (option: string | undefined): Effect.Effect<string, SourceError> =>
  Effect.gen(function* () {
    const stated = yield* choice(cli.option, option, cli.variable)
    const folder = home(yield* located(rules), rules)
    if (stated !== undefined) return expand(stated.value, { HOME: folder }, rules)
    if (folder !== undefined) return `${folder}/${cli.usual[0]}`
    return yield* errorOf(cli, undefined, {
      reason: "Unreadable",
      key: "HOME",
      detail: "the home directory, where logins are kept, is unknown",
      hint: "Set HOME."
    })
  })

/** The profile that was named. */
export const named = ({ profile }: Options) => choice("profile", profile, "ALIBABA_CLOUD_PROFILE")

const disabled = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"

/** Reads the command line tool's config file. */
export const loadCli = (
  privateFile: PrivateFile.PrivateFile,
  options: Options
): Effect.Effect<Loaded<CliConfig.CliConfig>, SourceError> =>
  Effect.gen(function* () {
    if ((yield* switchedOn(disabled)) === true) {
      const detail = `${disabled} is true`
      return yield* errorOf(cli, undefined, { reason: "NotConfigured", detail })
    }
    const stated = yield* named(options)
    const read = yield* readFile(privateFile, cli, options, stated)
    const content = yield* Effect.fromResult(
      Result.mapError(CliConfig.parse(read.text), (fault) => errorOf(cli, read.file, fault))
    )
    return { file: read.file, named: stated, content }
  })

/** The way to credentials in the command line tool's config file. */
export const wayInCli = (
  privateFile: PrivateFile.PrivateFile,
  options: Options
): Effect.Effect<{ readonly file: string; readonly way: Plan }, SourceError> =>
  Effect.flatMap(loadCli(privateFile, options), ({ content, file, named }) =>
    Effect.fromResult(
      Result.mapBoth(CliConfig.plan(content, named?.value), {
        onFailure: (fault) => errorOf(cli, file, { ...fault, key: fault.key ?? named?.key }),
        onSuccess: (way) => ({ file, way })
      })
    )
  )

// A profile that was named exists somewhere: a missing file is no reason to look elsewhere.
const withoutFile = (stated: Setting | undefined) => (error: SourceError) =>
  stated !== undefined && error instanceof StsCredentialError && error.reason === "NotConfigured"
    ? errorOf(ini, undefined, {
        reason: "UnknownProfile",
        detail: `there is no profile ${stated.value}: ${error.detail}`,
        profile: stated.value,
        key: stated.key
      })
    : error

/** Reads the shared credentials file. */
export const loadIni = (
  privateFile: PrivateFile.PrivateFile,
  options: Options
): Effect.Effect<Loaded<Ini.CredentialsFile>, SourceError> =>
  Effect.gen(function* () {
    const stated = yield* named(options)
    const { file, text } = yield* Effect.mapError(
      readFile(privateFile, ini, options, stated),
      withoutFile(stated)
    )
    return { file, named: stated, content: Ini.parse(text) }
  })

/** The source that uses a file warns of its mode, and what is wrong with the file is reported for that source too. */
const aside = <A>(
  load: (privateFile: PrivateFile.PrivateFile) => Effect.Effect<A, SourceError>,
  unreadable?: Array<PrivateFile.Unreadable>
) => Effect.flatMap(PrivateFile.silent(unreadable), (privateFile) => Effect.option(load(privateFile)))

/** Whether the shared credentials file has a profile; one that cannot be read has none. */
export const hasIni = (
  profile: string,
  { credentialsFile }: Options
): Effect.Effect<boolean, never, FileSystem.FileSystem> =>
  Effect.map(
    aside((privateFile) => loadIni(privateFile, { credentialsFile })),
    (loaded) => loaded._tag === "Some" && loaded.value.content.profiles.has(profile)
  )

interface Selected {
  readonly file: string
  readonly section: Section
}

/** The profile of the config file that is selected, if it can be read. */
export const inCli = (
  options: Options = {}
): Effect.Effect<Selected | undefined, never, FileSystem.FileSystem> =>
  Effect.map(
    aside((privateFile) => loadCli(privateFile, options)),
    (loaded) => {
      if (loaded._tag === "None") return undefined
      const { content, file, named } = loaded.value
      const section = Result.getOrUndefined(CliConfig.selected(content, named?.value))
      return section && { file, section }
    }
  )

/** The profile of the credentials file that is selected, if it can be read. */
export const inIni = (
  options: Options = {}
): Effect.Effect<Selected | undefined, never, FileSystem.FileSystem> =>
  Effect.map(
    aside((privateFile) => loadIni(privateFile, options)),
    (loaded) => {
      if (loaded._tag === "None") return undefined
      const { content, file, named } = loaded.value
      const name = named?.value ?? "default"
      const profile = content.profiles.get(name)
      return profile && { file, section: { name, ...profile } }
    }
  )

const regionIn = ({ file, section }: Selected): Result.Result<Setting | undefined, StsConfigError> =>
  Result.mapBoth(region(section), {
    onFailure: ({ detail, hint, key = "sts_region", line }) =>
      new StsConfigError({ key, detail, hint, file, line }),
    onSuccess: (placed) => Endpoint.foundIn(file, placed)
  })

type Files = ReadonlyArray<"cli" | "ini">

/**
 * Lets calls that go through a VPC take the selected profile's region, where nothing else states one. The first of the
 * files that has the profile counts.
 */
export const layer = (
  files: Files,
  options: Options = {}
): Layer.Layer<never, never, FileSystem.FileSystem> => {
  const looks = files.map((one) => (one === "cli" ? inCli(options) : inIni(options)))
  const first = Effect.reduce(
    looks,
    () => undefined as Selected | undefined,
    (known, look) => (known === undefined ? look : Effect.succeed(known))
  )
  const inside = Effect.flatMap(first, (profile) =>
    profile === undefined ? Effect.succeed(undefined) : Effect.fromResult(regionIn(profile))
  )
  return Layer.effectContext(
    Effect.map(Effect.context<FileSystem.FileSystem>(), (context: Context.Context<FileSystem.FileSystem>) => {
      const settings: Endpoint.ProfileSettings = { region: Effect.provide(inside, context) }
      return Context.make(Endpoint.Profile, settings) as Context.Context<never>
    })
  )
}

const notesOf = (
  { source }: Kind,
  file: string,
  passedOver: ReadonlyArray<PassedOver>
): ReadonlyArray<SettingNote> =>
  passedOver.map(({ detail, line }) => ({
    kind: "unknown",
    key: "profile",
    detail: `ignored: ${detail}`,
    source,
    file,
    line
  }))

const most = 20

/**
 * What in the files makes no sense but does not affect the profile that is used; and which of the files could not be
 * read.
 */
export const passedOver = (
  options: Options = {}
): Effect.Effect<ReadonlyArray<SettingNote>, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const unreadable: Array<PrivateFile.Unreadable> = []
    const config = yield* aside((privateFile) => loadCli(privateFile, options), unreadable)
    const shared = yield* aside((privateFile) => loadIni(privateFile, options), unreadable)
    const notes: Array<SettingNote> = [...unreadableNotes(unreadable)]
    if (config._tag === "Some")
      notes.push(...notesOf(cli, config.value.file, config.value.content.passedOver))
    if (shared._tag === "Some") {
      const { content, file } = shared.value
      notes.push(
        ...notesOf(
          ini,
          file,
          [content, ...content.profiles.values()].flatMap(({ fault }) => fault ?? [])
        )
      )
    }
    return notes.slice(0, most)
  })
