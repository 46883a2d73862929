import type { ReactNode } from "react";
import { LocalTime } from "#components/local-time.tsx";
import { Written } from "#components/written.tsx";
import type { Person } from "#lib/auth/operators/person.ts";
import { DOORS } from "#lib/doors.ts";
import { doorInWords } from "../../../account/security/door-in-words.ts";
import { Standing } from "../standing.tsx";

export function Facts({ person: { account, role, block, doors, addressAsked } }: { person: Person }) {
  const name = `${account.firstName} ${account.lastName}`.trim();
  return (
    <dl className="facts columns">
      <Fact name="Status">
        <Standing of={{ ...account, role }} />
      </Fact>
      {block && (
        <Fact name="Blocked">
          <LocalTime at={block.blockedAt} />
          {block.endsAt === null ? ", until somebody unblocks it" : ", until "}
          {block.endsAt !== null && <LocalTime at={block.endsAt} />}
          <p>
            <Written>{block.reason}</Written>
          </p>
        </Fact>
      )}
      {account.deletesAt !== null && (
        <Fact name="Will be deleted">
          <LocalTime at={account.deletesAt} />, unless they log in before
        </Fact>
      )}
      {name && (
        <Fact name="Name">
          <Written>{name}</Written>
        </Fact>
      )}
      {account.username && (
        <Fact name="Username">
          <Written>{account.username}</Written>
        </Fact>
      )}
      {account.phoneNumber && (
        <Fact name="Phone number">
          <Written>{account.phoneNumber}</Written>
        </Fact>
      )}
      {account.biography && (
        <Fact name="About themselves">
          <Written>{account.biography}</Written>
        </Fact>
      )}
      {addressAsked !== undefined && (
        <Fact name="Asked for another address">
          <Written>{addressAsked}</Written>
        </Fact>
      )}
      <Fact name="Signed up">
        <LocalTime at={account.createdAt} />
      </Fact>
      <Fact name="Came in the last 30 days by">
        {doors.length === 0
          ? "nothing"
          : doors.map(({ door, at }, n) => (
              <span key={door}>
                {n > 0 && "; "}
                {door === DOORS.pages.name ? "the pages" : doorInWords(door)}, last <LocalTime at={at} />
              </span>
            ))}
      </Fact>
      <Fact name="Number">#{account.id}</Fact>
      <Fact name="For programs (sub)">
        <span className="reference">{account.sub}</span>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
