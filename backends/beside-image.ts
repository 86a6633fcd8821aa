/** Where the values lie that a machine is given for its slots. */
export const besideImage = (image: string): string => `${image}.slots`;
