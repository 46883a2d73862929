import { Frame } from "#components/frame.tsx";
import { PageTitle } from "#components/page-title.tsx";

export default function NotFound() {
  return (
    <Frame>
      <PageTitle title="Nothing here" />
      <h1>Nothing here</h1>
      <p>There is no page at this address. If a mail brought you, its link may have been cut in two: copy all of it.</p>
      <p className="ways">
        <a href="/">Go to the front door</a>
      </p>
    </Frame>
  );
}
