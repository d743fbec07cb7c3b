/**
 * The clouds by name, for what treats them alike.
 */
import * as alibaba from "./alibaba.js"
import * as aws from "./aws.js"

export const clouds = { alibaba, aws } as const

export type Cloud = keyof typeof clouds
