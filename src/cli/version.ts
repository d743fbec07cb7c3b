/** Which version this is; the build puts it in. */
declare const VERSION: string | undefined

/** The version of the package that the program came with. */
export const version = typeof VERSION === "string" ? VERSION : "from source"
