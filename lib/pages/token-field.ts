/** The mailed link's token that a form carries along in a hidden field. What is in it, only its check can tell. */
export function tokenOf(form: FormData): string {
  const value = form.get("authToken");
  return typeof value === "string" ? value : "";
}
