"use client";

/** Opens this page anew, from the server. Not a reload: that would send again a form that led here. */
export function OpenAnew({ look = "primary" }: { look?: "primary" | "quiet" }) {
  return (
    <button
      type="button"
      className={`button ${look}`}
      onClick={() => window.location.replace(window.location.pathname + window.location.search)}
    >
      Open the page again
    </button>
  );
}
