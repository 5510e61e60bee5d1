/** What the node says of itself to administrators, as its log and `tidings status` say it: in English. */
export const warnings = {
  told: (text: string): string => text,
}
