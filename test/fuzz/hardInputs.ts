/** Inputs of about so many characters that are as hard to read as they come. */
import { element } from "./documents.js"

export const filled =
  (part: string, before = "", after = "") =>
  (length: number) =>
    before + part.repeat(Math.max(1, Math.floor(length / part.length))) + after

export const hardJson = [
  filled("[", "", ""),
  filled('{"a":', "", ""),
  filled('"a",', "[", '"a"]'),
  filled('"a":1,', "{", '"a":1}'),
  filled("\\", '{"a":"'),
  filled("\\\\", '{"a":"', '"}'),
  filled(" ", "{", "}"),
  filled("\n", "{", "}"),
  filled("9", '{"a":', "}"),
  filled("\\u0041", '{"a":"', '"}')
]

export const hardIni = [
  filled(" ", "[", "a]"),
  filled(" ", "[a", "]"),
  filled("[", "", ""),
  filled("[a]\n", "", ""),
  filled("\n", "[a]", ""),
  filled(" ", "[a]\na", "= b"),
  filled(" ", "[a]\na = b", "c"),
  filled("#", "[a]\na = b ", ""),
  filled(" #", "[a]\na = b", ""),
  filled("a = b\n", "[a]\n", ""),
  filled(" a = b\n", "[a]\ns3 =\n", ""),
  filled("=", "[a]\na", ""),
  filled('"', "[", "]"),
  (length: number) => Array.from({ length: length / 12 }, (_, at) => `[a${at}]\nb=c\n`).join(""),
  (length: number) => `[a]\n${Array.from({ length: length / 12 }, (_, at) => `a${at} = b\n`).join("")}`
]

export const chained = (length: number, one: (at: number) => string): string =>
  Array.from({ length: length / one(1).length }, (_, at) => one(at)).join("")

export const hardXml = [
  filled("<a>", "", ""),
  filled("<a></a>", "<r>", "</r>"),
  filled("<a/>", "<r>", "</r>"),
  filled("<", "<r>", ""),
  filled("&amp;", "<r>", "</r>"),
  filled("&", "<r>", "</r>"),
  filled(" ", "<r", ">"),
  filled(' a="b"', "<r", "/>"),
  filled("]]", "<r><![CDATA[", "]]></r>"),
  filled("-", "<!--", "--><r/>"),
  filled("<!---->", "", "<r/>"),
  filled("a", "<", "/>"),
  filled(
    "because no ",
    element("ErrorResponse", "<Error><Code>AccessDenied</Code><Message>").slice(0, -16),
    ""
  ),
  filled(" ", "<r>The", "Canonical String</r>")
]

export const refusals = (part: string) => (length: number) => {
  const message = part.repeat(Math.max(1, Math.floor(length / part.length)))
  return element(
    "ErrorResponse",
    element("Error", element("Code", "AccessDenied") + element("Message", message))
  )
}

export const jsonRefusals = (part: string) => (length: number) =>
  JSON.stringify({
    Code: "SignatureDoesNotMatch",
    Message: part.repeat(Math.max(1, Math.floor(length / part.length)))
  })

export const hardWords = [
  "because no ",
  "explicit deny in a ",
  "a-",
  " ",
  "The Canonical ",
  "server string to sign is:",
  ",.",
  "\u001b",
  "Signature\\",
  "%25",
  "&amp;"
]

export const hardTimes = [
  filled("9"),
  filled("1.", "", ""),
  filled(" ", "2026", ""),
  filled("0", "2026-01-31T12:00:00.", "Z")
]
