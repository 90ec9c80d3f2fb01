/** The program cannot go on. Its message is one sentence for the person at the keyboard, shown without a stack. */
export class Stop extends Error {}
