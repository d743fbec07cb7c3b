/**
 * Reading JSON objects that may hold secrets: what is wrong with one is told without quoting it.
 *
 * @since 0.1.0
 */

/**
 * A JSON object.
 *
 * @category models
 * @since 0.1.0
 */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * Whether a value is a JSON object.
 *
 * @category guards
 * @since 0.1.0
 */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * The object that a text states; none where it states anything else.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * A member that is text; blank counts as absent.
 *
 * @category accessors
 * @since 0.1.0
 */
export const text = (object: JsonObject, name: string): string | undefined => {
  const value = object[name]
  return typeof value === "string" && value.trim() !== "" ? value : undefined
}

/**
 * A member that is a finite number.
 *
 * @category accessors
 * @since 0.1.0
 */
export const number = (object: JsonObject, name: string): number | undefined => {
  const value = object[name]
  return typeof value === "number" && Number.isFinite(value) ? value : undefined
}
