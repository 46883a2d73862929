import { Frame } from "#components/frame.tsx";
import { PageTitle } from "#components/page-title.tsx";
import { WayToAccount } from "#components/way-to-account.tsx";

export default function NotFound() {
  return (
    <Frame aside={<WayToAccount />}>
      <PageTitle title="Page not found" />
      <h1>Page not found</h1>
      <p>
        There is no page at this address. If you came from a mail, its link may have been cut in two: copy the whole
        link.
      </p>
      <p className="ways">
        <a href="/">Go to the home page</a>
      </p>
    </Frame>
  );
}
