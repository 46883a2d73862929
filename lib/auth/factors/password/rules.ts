/** In characters (code points) after NFC. No composition rules: length and the list of common ones do more. */
export const PASSWORD_LENGTH = { min: 8, max: 256 } as const;

/** How many characters a password has, as a person would count them. */
export const passwordLength = (password: string): number => [...password.normalize("NFC")].length;
