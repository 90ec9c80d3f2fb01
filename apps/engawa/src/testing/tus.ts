/** What every request of a tus client says. */
export const TUS = { 'tus-resumable': '1.0.0' };

/** Metadata in clear, as its header wants it. */
export const metadataOf = (given: Record<string, string>): string =>
  Object.entries(given)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join(',');
