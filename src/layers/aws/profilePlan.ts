/** The way to the credentials of the profile that was selected. */
import * as Result from "effect/Result"
import type { ProfileFault } from "../../protocol/aws/profileFault.js"
import type { Section } from "../../protocol/aws/profileFile.js"
import { find, type Plan, plan } from "../../protocol/aws/profileGraph.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { Loaded } from "./SharedConfigFiles.js"

/** How errors call a profile. */
export const name = "profile"

const errorOf = (
  { files, profileKey }: Loaded,
  { begun = false, ...fault }: ProfileFault
): StsCredentialError => {
  const isNamed = profileKey !== undefined
  const error = { cloud: "aws", source: name, ...fault } as const
  // Whose profile is named wants its credentials: nobody else's count where a slip alone takes them away.
  if (begun && isNamed) return new StsCredentialError({ ...error, reason: "Incomplete" })
  // That source_profile is unknown is a setting's fault; that the selected one is has none.
  if (fault.reason !== "UnknownProfile" || fault.key !== undefined) return new StsCredentialError(error)
  const where = files.length === 0 ? "no home folder is known to look in" : `looked in ${files.join(" and ")}`
  const detail = `${fault.detail}; ${where}`
  return isNamed
    ? new StsCredentialError({ ...error, detail, key: profileKey })
    : new StsCredentialError({ ...error, reason: "NotConfigured", detail })
}

/**
 * The profile that was selected. Where nobody named it and there is no `default`, that is `NotConfigured`.
 */
export const profileOf = (loaded: Loaded): Result.Result<Section, StsCredentialError> =>
  Result.mapError(find(loaded.sections, loaded.profile, undefined), (fault) => errorOf(loaded, fault))

/** The way to a profile's credentials, as the files have it. */
export const planOf = (loaded: Loaded): Result.Result<Plan, StsCredentialError> =>
  Result.mapError(plan(loaded.sections, loaded.profile), (fault) => errorOf(loaded, fault))
