"use client";

import { type FormEvent, useId, useState } from "react";
import { useIsInteractive } from "#components/use-is-interactive.ts";
import { type Answered, call } from "./call.ts";
import { rememberTokens, useRememberedToken } from "./remembered-tokens.ts";

type Call = {
  path: string;
  method: "get" | "post";
  summary: string;
  /** The example's JSON, to begin with; null where nothing is sent. */
  body: string | null;
  credential: "bearer" | "token" | null;
};

/** A form that calls this server. Without JavaScript there is none; the line for a shell beside it does the same. */
export function TryIt(props: Call) {
  return useIsInteractive() ? (
    <details className="try">
      <summary>
        Try it<span className="unseen">: {props.summary}</span>
      </summary>
      <TryForm {...props} />
    </details>
  ) : null;
}

function TryForm({ path, method, body, credential }: Call) {
  const id = useId();
  const remembered = useRememberedToken(credential);
  const [typed, setTyped] = useState<string | null>(null);
  const [text, setText] = useState(body ?? "");
  const [answered, setAnswered] = useState<Answered | null>(null);
  const [isBusy, setBusy] = useState(false);
  const token = typed ?? remembered;

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    const answer = await call({ path, method, body: body === null ? null : text, credential, token });
    rememberTokens(answer);
    setAnswered(answer);
    setBusy(false);
  }

  return (
    <form onSubmit={send}>
      {credential && (
        <div className="try-field">
          <label htmlFor={`${id}-token`}>{credential === "bearer" ? "Access token" : "Token"}</label>
          <input
            id={`${id}-token`}
            value={token}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${id}-hint`}
          />
          <p className="hint" id={`${id}-hint`}>
            The last one that an answer on this page held is filled in.
          </p>
        </div>
      )}
      {body !== null && (
        <div className="try-field">
          <label htmlFor={`${id}-body`}>Body</label>
          <textarea
            id={`${id}-body`}
            value={text}
            onChange={(event) => setText(event.target.value)}
            rows={text.split("\n").length + 1}
            autoComplete="off"
            spellCheck={false}
          />
        </div>
      )}
      <button type="submit" className="button" aria-busy={isBusy} disabled={isBusy}>
        Send to this server
      </button>
      <div className="try-answer" role="status">
        {answered && <AnswerShown answered={answered} />}
      </div>
    </form>
  );
}

function AnswerShown({ answered }: { answered: Answered }) {
  if (answered.status === 0) return <p>The server could not be reached.</p>;
  return (
    <>
      <p>
        <b className={answered.status < 400 ? "status fine" : "status refused"}>{answered.status}</b> in{" "}
        {answered.milliseconds} ms
      </p>
      <pre>
        <code>{[...answered.headers, "", answered.text].join("\n").trim()}</code>
      </pre>
    </>
  );
}
