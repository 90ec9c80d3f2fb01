export interface Part {
  text: string;
  /** Set where the text is an address of the web. */
  href: string | null;
}

/** A mail's text with its web addresses taken apart, so that a page can make them links. */
export function partsOf(text: string): Part[] {
  return text
    .split(/(https?:\/\/[^\s<>"'、。）」]+)/u)
    .filter(Boolean)
    .map((part) => ({ text: part, href: /^https?:\/\//.test(part) && URL.canParse(part) ? part : null }));
}
