/** The item that was made a moment ago on this page: where its name is written asks for the keyboard once. */
export const justMade: { id: string | null } = { id: null };
