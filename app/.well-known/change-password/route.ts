/**
 * Where password managers send a person to change their password (W3C, "A Well-Known URL for Changing Passwords"). They
 * also probe a nonsense path beside it and trust this one only if that one is a 404.
 */
export function GET(): Response {
  return new Response(null, { status: 302, headers: { location: "/account/password", "cache-control": "no-store" } });
}
