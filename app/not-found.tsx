import { Frame } from "#components/frame.tsx";
import { NoSuchPage } from "#components/nothing-here.tsx";
import { WayToAccount } from "#components/way-to-account.tsx";

export default function NotFound() {
  return (
    <Frame aside={<WayToAccount />}>
      <NoSuchPage />
    </Frame>
  );
}
