/** Codes without a page. The list may only become shorter. */
export const lacking: readonly string[] = [
];
