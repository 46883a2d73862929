/** For a visitor who is nobody yet, or not logged in. */
export function WaysIn() {
  return (
    <p className="pair">
      <a className="button primary" href="/sign-up">
        Create an account
      </a>
      <a className="button quiet" href="/login">
        Log in
      </a>
    </p>
  );
}
