/**
 * Percent-encoding as both clouds' signatures want it (RFC 3986, section 2.3): everything but letters, digits and
 * `- _ . ~` as UTF-8 in upper-case hexadecimal.
 *
 * @since 0.1.0
 */

const reservedLeftAlone = /[!'()*]/g
const needsEncoding = /[^A-Za-z0-9_.~-]/

const hex = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

/**
 * Encodes one name or value. A lone surrogate, which UTF-8 cannot express, becomes U+FFFD.
 *
 * @category encoding
 * @since 0.1.0
 */
export const percentEncode = (text: string): string =>
  needsEncoding.test(text) ? encodeURIComponent(toWellFormed(text)).replace(reservedLeftAlone, hex) : text

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g

const toWellFormed = (text: string): string => text.replace(loneSurrogate, "\uFFFD")

/**
 * Names and values of a form or query, in no particular order.
 *
 * @category models
 * @since 0.1.0
 */
export interface Parameters {
  readonly [name: string]: string
}

/**
 * A form or query with its names in code-unit order, each name and value percent-encoded.
 *
 * @category encoding
 * @since 0.1.0
 */
export const encodeSorted = (parameters: Parameters): string =>
  Object.keys(parameters)
    .sort()
    .map((name) => `${percentEncode(name)}=${percentEncode(parameters[name] ?? "")}`)
    .join("&")
