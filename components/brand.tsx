/** The escutcheon: a brass plate with a keyhole. The same drawing as app/icon.svg. */
export function Brand() {
  return (
    <a className="brand" href="/">
      <svg className="plate" viewBox="0 0 32 40" width="28" height="35" aria-hidden="true" focusable="false">
        <path
          className="plate-face"
          d="M16 1C24.3 1 31 7.2 31 15v10c0 7.8-6.7 14-15 14S1 32.8 1 25V15C1 7.2 7.7 1 16 1Z"
        />
        <path
          className="plate-bevel"
          d="M16 4c6.6 0 12 4.9 12 11v10c0 6.1-5.4 11-12 11S4 31.1 4 25V15C4 8.9 9.4 4 16 4Z"
        />
        <path className="keyhole" d="M16 11.5a4.6 4.6 0 0 1 2.5 8.46L20 28.5h-8l1.5-8.54A4.6 4.6 0 0 1 16 11.5Z" />
      </svg>
      <span>Latchkey</span>
    </a>
  );
}
